namespace Atm0s.Sip.Calls;

/// <summary>A command that waits, whatever its result is.</summary>
internal interface ICallCommand
{
    /// <summary>The call has ended before it was done.</summary>
    void End();
}

namespace Atm0s.Sip.Calls;

/// <summary>A command that waits, whatever its result is.</summary>
internal interface ICallCommand
{
    /// <summary>Whether the end of the call does not end it.</summary>
    bool OutlivesCall { get; }

    /// <summary>The call has ended before it was done.</summary>
    void End();
}

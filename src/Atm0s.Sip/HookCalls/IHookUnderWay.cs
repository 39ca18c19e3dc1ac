namespace Atm0s.Sip.HookCalls;

/// <summary>A question whose handler is at work.</summary>
internal interface IHookUnderWay
{
    /// <summary>Cancels the handler's token. Any thread.</summary>
    void Cancel();
}

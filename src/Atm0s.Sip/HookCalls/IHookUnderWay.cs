namespace Atm0s.Sip.HookCalls;

/// <summary>A question whose handler is at work.</summary>
internal interface IHookUnderWay
{
    /// <summary>Whether it has an outcome, which may still be on its way to the shard.</summary>
    bool IsSettled { get; }

    /// <summary>Cancels the handler's token. Any thread.</summary>
    void Cancel();
}

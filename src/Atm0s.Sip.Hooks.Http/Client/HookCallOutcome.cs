namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>How a hook call went.</summary>
public enum HookCallOutcome
{
    /// <summary>Status 2xx and an answer that could be read.</summary>
    Ok,

    /// <summary>Another status; redirects are not followed.</summary>
    Status,

    /// <summary>No complete answer in time.</summary>
    Timeout,

    /// <summary>The answer is larger than 64 KiB.</summary>
    TooLarge,

    /// <summary>The answer is not what the contract says.</summary>
    Unparsable,

    /// <summary>The server's name leads to an address that is not allowed (<see cref="HttpHookOptions.AllowedNetworks"/>).</summary>
    RefusedAddress,

    /// <summary>Not asked: too many connections to it have failed lately.</summary>
    BreakerOpen,

    /// <summary>Name not found, no connection, TLS failure, connection lost, or not HTTP.</summary>
    Connection,

    /// <summary>The SIP server gave up first: the caller cancelled, its own time-out passed or it stops. Only in metrics.</summary>
    Cancelled,
}

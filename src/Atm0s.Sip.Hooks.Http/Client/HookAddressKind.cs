namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>What an address is good for (RFC 6890).</summary>
internal enum HookAddressKind
{
    /// <summary>Reachable from anywhere.</summary>
    Public,

    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>RFC 1918, RFC 4193, RFC 6598.</summary>
    Private,

    /// <summary>RFC 3927, RFC 4291 §2.5.6; where clouds keep their metadata.</summary>
    LinkLocal,

    /// <summary>Metadata of a cloud at an address that looks private.</summary>
    Metadata,

    /// <summary>Unspecified, multicast, broadcast, reserved, tunnels: never a hook server.</summary>
    Unusable,
}

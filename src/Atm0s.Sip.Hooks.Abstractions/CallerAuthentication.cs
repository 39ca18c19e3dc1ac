namespace Atm0s.Sip.Hooks;

/// <summary>How the server knows who calls.</summary>
public enum CallerAuthentication
{
    /// <summary>It does not: the number is open to anybody, or calls need no authentication here.</summary>
    None,

    /// <summary>The caller answered a digest challenge (RFC 3261 §22); <see cref="InviteRequest.Username"/> is proven.</summary>
    Digest,

    /// <summary>The call came from an address that an IP rule, or a trunk, trusts. Nothing but the address is proven.</summary>
    Address,
}

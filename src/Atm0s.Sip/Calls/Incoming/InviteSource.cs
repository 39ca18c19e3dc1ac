using Atm0s.Sip.Authentication;
using Atm0s.Sip.Trunks;

namespace Atm0s.Sip.Calls.Incoming;

/// <summary>What the source address of an INVITE says of it.</summary>
/// <param name="IsTrusted">Whether it needs no password.</param>
/// <param name="Over">The trunk it comes over, or null.</param>
internal readonly record struct InviteSource(bool IsTrusted, Trunk? Over)
{
    /// <summary>Name of the trunk it comes over, or null.</summary>
    public string? Trunk => Over?.Options.Name;

    /// <summary>Whether somebody vouches for the address, so that it may have as many calls as there are.</summary>
    public bool IsVouchedFor => IsTrusted || Over is not null;

    /// <summary>
    /// Whether it may say who calls and who has forwarded the call (RFC 3325 §2.4): a trusted address, or a trunk that has shown its
    /// password.
    /// </summary>
    /// <param name="login">Who has shown a password, or null.</param>
    public bool MayAssert(Login? login) => IsTrusted || (Over is not null && login is not null);
}

namespace Atm0s.Sip.Calls;

/// <summary>What the source address of an INVITE says of it.</summary>
/// <param name="IsTrusted">Whether it needs no password.</param>
/// <param name="Trunk">Name of the trunk it comes over, or null.</param>
internal readonly record struct InviteSource(bool IsTrusted, string? Trunk)
{
    /// <summary>Whether somebody vouches for the address, so that it may have as many calls as there are.</summary>
    public bool IsVouchedFor => IsTrusted || Trunk is not null;
}

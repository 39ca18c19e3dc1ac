namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>Where a member may hang.</summary>
internal enum Turn
{
    None,
    Prepare,
    Read,
    Write,
    Release,
}

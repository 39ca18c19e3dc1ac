namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>What of a <see cref="FaultyCodec"/> throws.</summary>
[Flags]
internal enum Fault
{
    None = 0,
    Encode = 1,
    Decode = 2,
    Dispose = 4,
    Create = 8,
}

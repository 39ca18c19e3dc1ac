namespace Atm0s.Sip.Media.Net;

/// <summary>What a receive brought, beside its bytes.</summary>
/// <param name="Length">Bytes; 0 for an empty datagram.</param>
/// <param name="Source">Who sent it, as the kernel says, also on a connected socket.</param>
/// <param name="Age">How long it waited to be read: its arrival is that long ago. Zero where the system does not tell.</param>
public readonly record struct MediaDatagram(int Length, MediaAddress Source, TimeSpan Age);

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>A datagram that waits.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Peer">Who sent it, or is sent it: the source as the association was told it; empty when that is not known.</param>
internal readonly record struct QueuedDatagram(byte[] Bytes, byte[] Peer);

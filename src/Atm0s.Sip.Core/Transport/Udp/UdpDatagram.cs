namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>One received datagram; its bytes are the socket's until the next receive.</summary>
/// <param name="bytes">What fitted.</param>
/// <param name="length">Its whole length.</param>
/// <param name="source">Address of the sender as the system writes it (struct sockaddr).</param>
internal readonly ref struct UdpDatagram(ReadOnlySpan<byte> bytes, int length, ReadOnlySpan<byte> source)
{
    /// <summary>What fitted.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Its whole length.</summary>
    public int Length { get; } = length;

    /// <summary>Address of the sender (struct sockaddr).</summary>
    public ReadOnlySpan<byte> Source { get; } = source;

    /// <summary>Whether more came than had room.</summary>
    public bool IsTruncated => Length > Bytes.Length;
}

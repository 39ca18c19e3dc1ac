using System.Net;
using System.Text;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Testing;

/// <summary>One datagram on a virtual network.</summary>
/// <param name="Time">When it was sent.</param>
/// <param name="Source">From where.</param>
/// <param name="Destination">To where.</param>
/// <param name="Bytes">What.</param>
public sealed record Packet(TimeSpan Time, IPEndPoint Source, IPEndPoint Destination, byte[] Bytes)
{
    /// <summary>Transport it was sent over.</summary>
    public SipTransportProtocol Protocol { get; init; }

    /// <summary>The bytes as text.</summary>
    public string Text { get; } = Encoding.UTF8.GetString(Bytes);

    /// <summary>First line of the message.</summary>
    public string StartLine => Text.Split("\r\n", 2)[0];

    /// <summary>Time, addresses and first line.</summary>
    public override string ToString() => $"{Time.TotalSeconds,8:F3} {Source} -> {Destination}: {StartLine}";
}

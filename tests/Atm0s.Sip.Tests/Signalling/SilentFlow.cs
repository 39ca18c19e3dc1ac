using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A way to a peer that keeps the last message sent over it, and allocates nothing.</summary>
internal sealed class SilentFlow(string remote = "192.0.2.7") : SipFlow
{
    private readonly byte[] _last = new byte[65_536];
    private int _length;

    public override SipTransportProtocol Protocol => SipTransportProtocol.Udp;

    public override IPEndPoint LocalEndPoint { get; } = new(IPAddress.Parse("10.0.0.1"), 5060);

    public override IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Parse(remote), 5060);

    public override string SentBy => "10.0.0.1:5060";

    /// <summary>Messages sent.</summary>
    public int Count { get; private set; }

    /// <summary>The last one.</summary>
    public ReadOnlySpan<byte> Last => _last.AsSpan(0, _length);

    public override bool TrySend(ReadOnlySpan<byte> message)
    {
        Count++;
        message.CopyTo(_last);
        _length = message.Length;
        return true;
    }
}

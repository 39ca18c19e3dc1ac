using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.TestKit;

namespace Atm0s.Sip.Tests.Costs;

/// <summary>A phone's place on the network that keeps the last answer and allocates nothing, so that what a server allocates can be
/// seen.</summary>
/// <param name="remote">The place.</param>
/// <param name="last">Gets the answers; may be shared.</param>
internal sealed class SilentFlow(IPEndPoint remote, byte[] last) : SipFlow
{
    private int _length;

    /// <summary>A place with an address of its own.</summary>
    public SilentFlow(string address = "192.0.2.7")
        : this(new IPEndPoint(IPAddress.Parse(address), 5060), new byte[4096])
    {
    }

    public override SipTransportProtocol Protocol => SipTransportProtocol.Udp;

    public override IPEndPoint LocalEndPoint => VirtualWorld.ServerEndPoint;

    public override IPEndPoint RemoteEndPoint => remote;

    public override string SentBy => "10.0.0.1:5060";

    /// <summary>Number of answers.</summary>
    public int Count { get; private set; }

    /// <summary>What it was sent last.</summary>
    public ReadOnlySpan<byte> Last => last.AsSpan(0, _length);

    public override bool TrySend(ReadOnlySpan<byte> message)
    {
        Count++;
        message.CopyTo(last);
        _length = message.Length;
        return true;
    }

    public override SipFlow To(IPEndPoint other) => this;

    public override bool Equals(SipFlow? other) => other is SilentFlow flow && flow.RemoteEndPoint.Equals(remote);

    public override int GetHashCode() => remote.GetHashCode();
}

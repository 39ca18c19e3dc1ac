using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Runtime;

/// <summary>Keeps what is sent over it.</summary>
internal sealed class RecordingFlow(SipTransportProtocol protocol) : SipFlow
{
    public List<byte[]> Sent { get; } = [];

    /// <summary>Whether the connection is gone.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether it is being opened.</summary>
    public bool IsBeingOpened { get; set; }

    internal override bool IsOpening => IsBeingOpened;

    public override SipTransportProtocol Protocol => protocol;

    public override IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 5060);

    public override IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Loopback, 5070);

    public override string SentBy => "127.0.0.1:5060";

    public override bool IsClosed => IsGone;

    public override bool TrySend(ReadOnlySpan<byte> message)
    {
        if (IsGone)
            return false;
        Sent.Add(message.ToArray());
        return true;
    }

    public override SipFlow To(IPEndPoint remote) => this;
}

using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Runtime;

/// <summary>A transport that counts what it is asked for, and may fail at its stop.</summary>
internal sealed class ScriptedTransport : ISipTransport
{
    /// <summary>Connections that were asked for.</summary>
    public int Opened { get; private set; }

    /// <summary>Whether it was stopped.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether its stop throws.</summary>
    public bool Fails { get; init; }

    public SipListenerOptions Options { get; } = new();

    public SipTransportProtocol Protocol => SipTransportProtocol.Tcp;

    public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 5060);

    public ValueTask StartAsync(ISipTransportSink sink, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public SipFlow? TryGetFlow(IPEndPoint remote)
    {
        Opened++;
        return null;
    }

    public ValueTask DisposeAsync()
    {
        IsStopped = true;
        return Fails ? throw new InvalidOperationException("It does not stop.") : ValueTask.CompletedTask;
    }
}

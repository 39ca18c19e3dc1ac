using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Doctor.Facts;

namespace Atm0s.Sip.Doctor.Tests;

/// <summary>A machine of a test's choice; as it stands all is well on it.</summary>
internal sealed class FakeFacts : ISystemFacts
{
    public IReadOnlyList<IPAddress> Addresses { get; set; } = [IPAddress.Loopback, IPAddress.Parse("203.0.113.7")];

    public (int First, int Last)? EphemeralPorts { get; set; } = (60_000, 60_999);

    public int FirstUnprivilegedPort { get; set; } = 1024;

    public long? MaxDescriptors { get; set; } = 1_000_000;

    public long? MaxThreads { get; set; } = 10_000;

    public long? MaxReceiveBuffer { get; set; } = 8 << 20;

    public double Processors { get; set; } = 4;

    public bool IsContainer { get; set; }

    public Dictionary<string, IPAddress[]> Names { get; } = [];

    public Func<SipTransportProtocol, IPEndPoint, PortState> Ports { get; set; } = static (_, _) => PortState.Free;

    public (TimeSpan Median, TimeSpan Worst) Timer { get; set; } = (TimeSpan.FromMilliseconds(0.2), TimeSpan.FromMilliseconds(3));

    public PortState Probe(SipTransportProtocol protocol, IPEndPoint endPoint) => Ports(protocol, endPoint);

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IPAddress>>(
            IPAddress.TryParse(host, out var literal) ? [literal] : Names.GetValueOrDefault(host, []));

    public (TimeSpan Median, TimeSpan Worst) MeasureTimer() => Timer;
}

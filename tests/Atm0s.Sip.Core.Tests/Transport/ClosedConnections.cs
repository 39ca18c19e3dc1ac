using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>
/// Listens to the metric that says why connections were closed. Other tests close some, too: ask for a reason of your own.
/// </summary>
internal sealed class ClosedConnections : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Channel<string> _reasons = Channel.CreateUnbounded<string>();

    public ClosedConnections()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Atm0s.Sip.Core" && instrument.Name == "atm0s.sip.connections.closed")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _reasons.Writer.TryWrite((string)tags[0].Value!));
        _listener.Start();
    }

    /// <summary>Waits for a reason.</summary>
    public async Task WaitForAsync(string reason)
    {
        while (await Net.Within(_reasons.Reader.ReadAsync()) is var found && found != reason)
            await TestContext.Out.WriteLineAsync($"closed: {found}");
    }

    public void Dispose() => _listener.Dispose();
}

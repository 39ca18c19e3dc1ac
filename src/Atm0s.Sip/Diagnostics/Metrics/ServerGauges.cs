using System.Diagnostics.Metrics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;

namespace Atm0s.Sip.Diagnostics.Metrics;

/// <summary>The state of a server, read when somebody asks.</summary>
internal sealed class ServerGauges : IDisposable
{
    private readonly ServerParts _parts;
    private volatile bool _isOver;

    public ServerGauges(Meter meter, ServerParts parts)
    {
        _parts = parts;
        meter.CreateObservableUpDownCounter(
            "atm0s.sip.calls.active", () => _isOver ? [] : CountCalls(), "{call}", "Calls that exist now, by direction and state.");
        meter.CreateObservableUpDownCounter(
            "atm0s.sip.registrations.active", () => Of(_parts.Registrar.Count), "{registration}", "Contacts that are registered now.");
        meter.CreateObservableGauge(
            "atm0s.sip.trunk.up",
            () => _isOver ? [] : _parts.Trunks.List().Select(OfTrunk),
            "1",
            "Whether a trunk can be used: 1 when it is registered, or needs not be; by trunk.");
        meter.CreateObservableGauge(
            "atm0s.sip.draining",
            () => Of(_parts.Router.IsDraining ? 1 : 0),
            "1",
            "1 while the server takes no new calls and waits for the others to end.");
    }

    /// <summary>Tells nothing any more.</summary>
    public void Dispose() => _isOver = true;

    private static Measurement<int> OfTrunk(TrunkInfo trunk) => new(
        trunk.State is TrunkState.Ready or TrunkState.Registered ? 1 : 0, new KeyValuePair<string, object?>("trunk", trunk.Name));

    private IEnumerable<Measurement<int>> Of(int value) => _isOver ? [] : [new Measurement<int>(value)];

    private List<Measurement<int>> CountCalls()
    {
        var (directions, states) = (Enum.GetValues<CallDirection>(), Enum.GetValues<CallState>());
        var counts = new int[directions.Length * states.Length];
        foreach (var call in _parts.Calls.All)
            counts[((int)call.Info.Direction * states.Length) + (int)call.State]++;
        var measured = new List<Measurement<int>>();
        foreach (var direction in directions)
        {
            foreach (var state in states)
            {
                if (state != CallState.Ended)
                {
                    measured.Add(new Measurement<int>(
                        counts[((int)direction * states.Length) + (int)state], new("direction", direction.ToString()), new("state", state.ToString())));
                }
            }
        }

        return measured;
    }
}

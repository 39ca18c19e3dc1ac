using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Doctor.Facts;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>Every listener can be opened.</summary>
internal sealed class ListenersCheck : IDoctorCheck
{
    public string Name => "listeners";

    public ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var listeners = context.Server.Listeners;
        if (listeners.Count == 0)
        {
            return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>([DoctorFinding.Failed(
                Name, "there is none: nobody can reach the server", "Write for example \"Listeners\": [\"udp://0.0.0.0:5060\"].")]);
        }

        return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>([.. listeners.Select(listener => Examine(listener, context))]);
    }

    private DoctorFinding Examine(SipListenerOptions listener, DoctorContext context)
    {
        var (end, facts) = (listener.EndPoint, context.Facts);
        return facts.Probe(listener.Protocol, end) switch
        {
            PortState.Free when context.Options.IsRunning && end.Port != 0 => DoctorFinding.Failed(
                Name, $"{listener} is open to be taken, though the server runs", "See in its log why it does not listen there any more."),
            PortState.Free => DoctorFinding.Ok(Name, $"{listener} can be opened"),
            PortState.InUse when context.Options.IsRunning => DoctorFinding.Ok(Name, $"{listener} is in use, by the server that runs"),
            PortState.InUse => DoctorFinding.Failed(
                Name, $"{listener} is in use", $"Stop what has the port (ss -lnp sport = :{end.Port} tells it), or take another."),
            PortState.NotOurs => DoctorFinding.Failed(
                Name,
                $"{listener}: no interface has the address {end.Address}",
                $"Take 0.0.0.0 or one of {string.Join(", ", Own(facts, end))}; the address of a NAT before it goes into AdvertisedHost."),
            PortState.NotPermitted => DoctorFinding.Failed(
                Name,
                $"{listener} may not be opened: ports below {facts.FirstUnprivilegedPort} are for root",
                "Take port 5060, or give the program CAP_NET_BIND_SERVICE (AmbientCapabilities in a systemd unit)."),
            _ => DoctorFinding.Failed(
                Name, $"{listener} can't be opened", "See whether the system has that family of addresses (IPv6) at all."),
        };
    }

    private static IEnumerable<IPAddress> Own(ISystemFacts facts, IPEndPoint end) =>
        facts.Addresses.Where(address => address.AddressFamily == end.AddressFamily && !IPAddress.IsLoopback(address)).Take(4);
}

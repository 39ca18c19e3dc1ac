using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Doctor.Facts;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>Signs that phones can't reach the addresses that they will be told.</summary>
internal sealed class NatCheck : IDoctorCheck
{
    public string Name => "nat";

    public ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var (server, facts) = (context.Server, context.Facts);
        var findings = new List<DoctorFinding>();
        var isLocal = server.Listeners.Count > 0 && server.Listeners.All(listener => IPAddress.IsLoopback(listener.EndPoint.Address));
        if (isLocal)
        {
            findings.Add(DoctorFinding.Warning(
                Name,
                "all listeners are on the loopback: only programs of this machine reach the server",
                "Listen at 0.0.0.0 or at an address of this machine, unless that is meant."));
            return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>(findings);
        }

        var advertises = server.Media.AdvertisedAddress is not null;
        var host = server.Listeners.Any(listener => listener.AdvertisedHost is not null);
        var hasPublic = facts.Addresses.Any(address => address.AddressFamily == AddressFamily.InterNetwork && Networks.IsPublic(address));
        if (facts.IsContainer && !advertises)
        {
            findings.Add(DoctorFinding.Warning(
                Name,
                "this is a container, and no address of the audio is advertised: phones are told an address of the container's own network",
                "Use the host's network, or set Media.AdvertisedAddress and the AdvertisedHost of each listener to the host's address."));
        }
        else if (!hasPublic && !advertises)
        {
            findings.Add(DoctorFinding.Warning(
                Name,
                "this machine has private addresses only, and none is advertised: phones beyond a NAT hear nothing",
                "Set Media.AdvertisedAddress and the AdvertisedHost of each listener to the public address; LocalNetworks names "
                + "who is near. Nothing to do where all phones are near."));
        }

        if (advertises != host)
        {
            findings.Add(DoctorFinding.Warning(
                Name,
                advertises ? "an address is advertised for the audio, but none for signalling"
                    : "an address is advertised for signalling, but none for the audio",
                "Set both, Media.AdvertisedAddress and the AdvertisedHost of each listener: one of them alone is seldom right."));
        }

        if (findings.Count == 0)
            findings.Add(DoctorFinding.Ok(
                Name, hasPublic && !advertises ? "this machine has a public address" : "addresses are advertised"));
        return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>(findings);
    }
}

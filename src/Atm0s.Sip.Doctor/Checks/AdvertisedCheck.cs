using System.Net;
using Atm0s.Sip.Doctor.Facts;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>What is told to phones as our address leads here.</summary>
internal sealed class AdvertisedCheck : IDoctorCheck
{
    public string Name => "advertised";

    public async ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var findings = new List<DoctorFinding>();
        foreach (var host in context.Server.Listeners.Select(listener => listener.AdvertisedHost).OfType<string>().Distinct())
        {
            var addresses = await context.Facts.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
            if (addresses.Count == 0)
            {
                findings.Add(DoctorFinding.Failed(
                    Name, $"{host} is no known name: phones can't send us anything", "Add it to the DNS, or advertise an address."));
            }
            else
            {
                findings.AddRange(addresses.Take(1).Select(address => Judge(address, host, context.Facts)));
            }
        }

        if (context.Server.Media.AdvertisedAddress is { } media)
            findings.Add(Judge(media, "the address of the audio", context.Facts));
        return findings;
    }

    private DoctorFinding Judge(IPAddress address, string what, ISystemFacts facts)
    {
        var text = what == address.ToString() ? what : $"{what} ({address})";
        if (Networks.IsAny(address))
            return DoctorFinding.Failed(Name, $"{text} is no address that anybody can send to", "Write the address that phones reach.");
        if (facts.Addresses.Contains(address) && !IPAddress.IsLoopback(address))
            return DoctorFinding.Ok(Name, $"{text} is an address of this machine");
        if (IPAddress.IsLoopback(address))
        {
            return DoctorFinding.Warning(
                Name, $"{text} is reached from this machine alone", "Write the address that phones reach, unless all are on this machine.");
        }

        return Networks.IsPrivate(address)
            ? DoctorFinding.Warning(
                Name,
                $"{text} is private, and none of this machine's",
                "Right only where the phones are in that network and something forwards to this machine; else write the public address.")
            : DoctorFinding.Ok(
                Name, $"{text} is public and not of this machine: a NAT has to forward the SIP ports and all RTP ports to it");
    }
}

using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Doctor.Facts;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>There are ports enough for the audio, and nobody else takes them.</summary>
internal sealed class RtpPortsCheck : IDoctorCheck
{
    private const int Samples = 32;

    public string Name => "rtp-ports";

    public ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var media = context.Server.Media;
        var (first, last) = (media.FirstPort + (media.FirstPort & 1), media.LastPort);
        var pairs = (last - first + 1) / 2;
        if (first < 1024 || last > 65_535 || pairs < 1)
        {
            return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>([DoctorFinding.Failed(
                Name,
                $"{media.FirstPort} to {media.LastPort} is no range of ports",
                "Write for example FirstPort 40000 and LastPort 59999.")]);
        }

        var findings = new List<DoctorFinding>();
        if (pairs < context.Server.Calls.MaxCalls)
        {
            findings.Add(DoctorFinding.Warning(
                Name,
                $"{first} to {last} is room for {pairs} calls, and Calls.MaxCalls is {context.Server.Calls.MaxCalls}",
                "Widen the range, or lower MaxCalls: a call takes two ports."));
        }

        if (context.Facts.EphemeralPorts is { } system && first <= system.Last && last >= system.First)
        {
            findings.Add(DoctorFinding.Warning(
                Name,
                $"{first} to {last} overlaps with {system.First} to {system.Last}, from which the system gives ports to every program",
                $"Set the sysctl net.ipv4.ip_local_reserved_ports={first}-{last}, or take ports below {system.First}."));
        }

        AddTaken(findings, context, first, pairs);
        if (findings.Count == 0)
            findings.Add(DoctorFinding.Ok(Name, $"{first} to {last}: room for {pairs} calls"));
        return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>(findings);
    }

    private void AddTaken(List<DoctorFinding> findings, DoctorContext context, int first, int pairs)
    {
        // A server that runs has some of them itself.
        if (context.Options.IsRunning)
            return;
        var tried = Math.Min(pairs, Samples);
        var taken = Enumerable.Range(0, tried).Select(i => first + (2 * (int)((long)i * pairs / tried)))
            .Where(port => context.Facts.Probe(SipTransportProtocol.Udp, new IPEndPoint(IPAddress.Any, port)) != PortState.Free).ToList();
        if (taken.Count == 0)
            return;
        var text = $"{taken.Count} of {tried} ports that were tried are not free, for example {taken[0]}";
        findings.Add(taken.Count == tried
            ? DoctorFinding.Failed(Name, text, "Stop what has them (ss -lunp tells), or take another range.")
            : DoctorFinding.Warning(Name, text, "Stop what has them (ss -lunp tells), or take another range: each is one call less."));
    }
}

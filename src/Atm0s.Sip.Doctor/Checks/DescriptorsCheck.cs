using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>The process may have as many descriptors as its calls and connections need.</summary>
internal sealed class DescriptorsCheck : IDoctorCheck
{
    private const int PerCall = 2;      // docs/limits.md
    private const int Own = 256;        // of the runtime, its files and listeners

    public string Name => "descriptors";

    public ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        if (context.Facts.MaxDescriptors is not { } limit)
            return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>([]);
        var calls = context.Server.Calls.MaxCalls;
        var connections = context.Server.Listeners.Where(listener => listener.Protocol != SipTransportProtocol.Udp)
            .Sum(listener => (long)listener.MaxConnections);
        var needed = ((long)calls * PerCall) + connections + Own;
        if (limit >= needed)
        {
            return One(DoctorFinding.Ok(
                Name,
                limit == long.MaxValue ? "no limit" : $"{limit}, and {needed} are needed for {calls} calls and {connections} connections"));
        }

        var possible = Math.Max(0, (limit - Own - Math.Min(connections, limit / 2)) / PerCall);
        var text = $"{limit} (ulimit -n), and {needed} are needed for {calls} calls and {connections} connections: "
            + $"some {possible} calls fit";
        var advice = $"Set LimitNOFILE={needed} in the systemd unit, --ulimit nofile={needed} for a container, or lower Calls.MaxCalls.";
        return One(possible < 10 ? DoctorFinding.Failed(Name, text, advice) : DoctorFinding.Warning(Name, text, advice));
    }

    private static ValueTask<IReadOnlyList<DoctorFinding>> One(DoctorFinding finding) =>
        ValueTask.FromResult<IReadOnlyList<DoctorFinding>>([finding]);
}

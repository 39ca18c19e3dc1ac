using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>The kernel keeps as many datagrams as the listeners ask it to.</summary>
internal sealed class BuffersCheck : IDoctorCheck
{
    public string Name => "buffers";

    public ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var wanted = context.Server.Listeners.Where(listener => listener.Protocol == SipTransportProtocol.Udp)
            .Select(listener => (long)listener.ReceiveBufferSize).DefaultIfEmpty(0).Max();
        if (wanted == 0 || context.Facts.MaxReceiveBuffer is not { } granted)
            return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>([]);
        return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>(
        [
            granted >= wanted
                ? DoctorFinding.Ok(Name, $"net.core.rmem_max is {granted}, and {wanted} are asked for")
                : DoctorFinding.Warning(
                    Name,
                    $"net.core.rmem_max is {granted}, and {wanted} are asked for: a burst of more than some {granted / 1_400} messages "
                    + "is lost",
                    $"Write net.core.rmem_max={wanted} into /etc/sysctl.d, on the host of a container."),
        ]);
    }
}

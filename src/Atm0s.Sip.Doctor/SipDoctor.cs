using Atm0s.Sip.Doctor.Checks;
using Atm0s.Sip.Doctor.Facts;
using Atm0s.Sip.Doctor.Pings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Doctor;

/// <summary>
/// Looks whether a server with these settings can work on this machine, and says what to do where it can't. It opens ports for a moment
/// and asks trunks; it changes nothing.
/// </summary>
public static class SipDoctor
{
    private static readonly IReadOnlyList<IDoctorCheck> Checks =
    [
        new ListenersCheck(), new CertificatesCheck(), new AdvertisedCheck(), new NatCheck(), new RtpPortsCheck(), new DescriptorsCheck(),
        new BuffersCheck(), new MachineCheck(), new TimerCheck(), new OpusCheck(), new TrunksCheck(), new CallCheck(),
    ];

    /// <summary>Examines settings that no server uses yet.</summary>
    /// <param name="server">The settings.</param>
    /// <param name="doctor">What to look at; null for everything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">A time of <paramref name="doctor"/> is out of its range.</exception>
    public static Task<DoctorReport> ExamineAsync(
        SipServerOptions server, DoctorOptions? doctor = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        doctor?.Check();
        return ExamineAsync(
            new DoctorContext(server, doctor ?? new DoctorOptions(), new SystemFacts(TimeProvider.System), new OptionsPing()),
            Checks,
            TimeProvider.System,
            cancellationToken);
    }

    /// <summary>
    /// Examines the server of a host, whether it runs or not. Settings that can't be read are a finding, too.
    /// </summary>
    /// <param name="services">The host's services, with a <c>AddSipServer</c> among them.</param>
    /// <param name="doctor">What to look at; null for everything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">A time of <paramref name="doctor"/> is out of its range.</exception>
    public static Task<DoctorReport> ExamineAsync(
        IServiceProvider services, DoctorOptions? doctor = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        doctor?.Check();
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        SipServerOptions server;
        try
        {
            server = services.GetRequiredService<IOptions<SipServerOptions>>().Value;
        }
        catch (Exception exception) when (exception is SipStartException or OptionsValidationException or ArgumentException
            or FormatException)
        {
            var finding = DoctorFinding.Failed("settings", exception.Message, "Write what the sentence says.");
            return Task.FromResult(new DoctorReport(time.GetUtcNow(), TimeSpan.Zero, [finding]));
        }

        var wanted = doctor ?? new DoctorOptions
        {
            IsRunning = services.GetService<SipServer>() is { ListenUris.Count: > 0 },
        };
        return ExamineAsync(
            new DoctorContext(server, wanted, new SystemFacts(time), new OptionsPing()), Checks, time, cancellationToken);
    }

    internal static async Task<DoctorReport> ExamineAsync(
        DoctorContext context, IReadOnlyList<IDoctorCheck> checks, TimeProvider time, CancellationToken cancellationToken)
    {
        var (at, start) = (time.GetUtcNow(), time.GetTimestamp());
        var findings = new List<DoctorFinding>();
        foreach (var check in checks)
        {
            try
            {
                findings.AddRange(await check.ExamineAsync(context, cancellationToken).ConfigureAwait(false));
            }
#pragma warning disable CA1031 // A check that fails is a finding; the others go on.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                findings.Add(DoctorFinding.Failed(
                    check.Name, $"could not be examined: {exception.Message}", "Report this: a check should not fail itself."));
            }
        }

        return new DoctorReport(at, time.GetElapsedTime(start), findings);
    }
}

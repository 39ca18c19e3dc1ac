using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>There is an Opus library, where Opus is wanted.</summary>
internal sealed class OpusCheck : IDoctorCheck
{
    public string Name => "opus";

    public ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var media = context.Server.Media;
        if (!media.Codecs.Any(codec => codec.Split('/')[0].Equals("opus", StringComparison.OrdinalIgnoreCase)))
            return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>([]);
        IReadOnlyList<IOpusCodecProvider> providers =
            media.OpusProviders.Count > 0 ? [.. media.OpusProviders] : [LibOpusCodecProvider.Instance, new ConcentusOpusCodecProvider()];
        var found = providers.FirstOrDefault(provider => provider.IsAvailable);
        return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>(
        [
            found is null
                ? DoctorFinding.Failed(
                    Name,
                    $"none of {string.Join(", ", providers.Select(provider => provider.Name))} loads: {providers[0].Status}",
                    "Install libopus (Debian: libopus0), or take opus out of Media.Codecs.")
                : found.Caution is { } caution
                    ? DoctorFinding.Warning(Name, $"{found.Version} by {found.Name}. {caution}", "Install libopus (Debian: libopus0).")
                    : DoctorFinding.Ok(Name, $"{found.Version ?? found.Name}"),
        ]);
    }
}

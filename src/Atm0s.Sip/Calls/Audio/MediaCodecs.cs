using System.Buffers;
using System.Globalization;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.G722;
using Atm0s.Sip.Media.Codecs.L16;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;
using Atm0s.Sip.Sounds.Ogg;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>The codecs of a server, best first, as SDP and as the media engine see them. Immutable.</summary>
internal sealed class MediaCodecs
{
    private const string OpusName = "opus";

    // RFC 8866 §9: token, without the slash that parts name and rate.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>What the library has beside Opus, best first; a codec of the host with the same name comes before.</summary>
    private static readonly IAudioCodec[] BuiltIn =
    [
        G722Codec.Instance, PcmaCodec.Instance, PcmuCodec.Instance, L16Codec.Rate48000, L16Codec.Rate16000, L16Codec.Rate8000,
    ];

    private readonly Dictionary<AudioFormat, IAudioCodec> _codecs;

    private MediaCodecs(IReadOnlyList<IAudioCodec> codecs, OpusProviderChoice? opus)
    {
        Opus = opus;
        Formats = [.. codecs.Select(c => new AudioFormat(c.Name, c.ClockRate, c.Channels, c.StaticPayloadType, c.FormatParameters))];
        _codecs = Formats.Zip(codecs).ToDictionary();
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<AudioFormat> Formats { get; }

    /// <summary>Where Opus comes from; null when it is not wanted, or is the host's own.</summary>
    public OpusProviderChoice? Opus { get; }

    /// <summary>What encodes and decodes Opus for a host, also when no phone may speak it.</summary>
    public IOpusCodecProvider OpusProvider => Opus?.Provider ?? OpusFiles.Provider;

    /// <summary>The codec behind a format of <see cref="Formats"/>.</summary>
    public IAudioCodec this[AudioFormat format] => _codecs[format];

    /// <summary>Those that are named, in the order of the names; names that are not known are left out.</summary>
    /// <param name="names">As in <see cref="MediaOptions.Codecs"/>; null takes all.</param>
    public IReadOnlyList<AudioFormat> Named(IReadOnlyList<string>? names) => names is null
        ? Formats
        : [.. names.SelectMany(name => Formats.Where(f => IsNamed(name, f.Name, f.ClockRate, f.Channels))).Distinct()];

    /// <summary>The packet time that the codec of a format does, as near to the wanted one as it can without being longer.</summary>
    /// <param name="format">What we send.</param>
    /// <param name="wanted">In milliseconds.</param>
    public int PacketTimeOf(NegotiatedFormat format, int wanted) =>
        (int)this[format.Format]
            .ClosestPacketTime(new AudioEncoderSettings(TimeSpan.FromMilliseconds(wanted), format.Parameters ?? ""))
            .TotalMilliseconds;

    /// <summary>Makes the first frames as fast as later ones; at once when Opus is native or not used.</summary>
    public Task WarmUpAsync(CancellationToken cancellationToken) => Opus?.Provider?.WarmUpAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Takes what the settings name.</summary>
    /// <param name="options">Names, codecs of the host, Opus.</param>
    /// <param name="opusProviders">Opus libraries of the environment, used when the options have none; empty means libopus, then
    /// Concentus.</param>
    /// <param name="logger">Is told when Opus is missing, or costs more than it might.</param>
    /// <exception cref="SipStartException">Says what is wrong, and what to write instead.</exception>
    public static MediaCodecs Choose(MediaOptions options, IReadOnlyList<IOpusCodecProvider> opusProviders, ILogger logger)
    {
        CheckAdded(options.AddedCodecs);
        List<IAudioCodec> known = [.. options.AddedCodecs, .. BuiltIn.Where(b => !options.AddedCodecs.Any(a => IsSame(a, b)))];
        var opus = ChooseOpus(options, known, opusProviders);
        if (opus?.Provider is { } provider)
        {
            known.Add(new OpusCodec(provider, OpusOptions(options)));
            if (provider.Caution is { } caution)
                ServerLog.OpusCaution(logger, opus.Explanation, caution);
        }
        else if (opus is not null)
        {
            ServerLog.OpusMissing(logger, opus.Explanation);
        }

        var chosen = new List<IAudioCodec>();
        foreach (var name in options.Codecs)
            AddNamed(name, known, opus, chosen);
        if (chosen.Count == 0)
            throw new SipStartException($"No codec of Media.Codecs can be used: {opus?.Explanation} Add PCMA or PCMU.");
        CheckStaticPayloadTypes(chosen);
        return new MediaCodecs(chosen, opus);
    }

    private static void AddNamed(string name, List<IAudioCodec> known, OpusProviderChoice? opus, List<IAudioCodec> chosen)
    {
        var found = known.FindAll(c => IsNamed(name, c.Name, c.ClockRate, c.Channels));
        if (found.Find(chosen.Contains) is { } twice)
        {
            throw new SipStartException(
                $"Media.Codecs names {twice.Name} twice; name each codec once. The list begins with the default (opus, G722, PCMA, "
                    + $"PCMU): call Media.Codecs.Clear() before you add to it.");
        }

        if (found.Count == 0 && !(opus is { Provider: null } && IsOpus(name)))
            throw Unknown(name, known);
        chosen.AddRange(found);
    }

    private static SipStartException Unknown(string name, List<IAudioCodec> known)
    {
        var names = known.Select(c => c.Name).Append(OpusName).Distinct(StringComparer.OrdinalIgnoreCase);
        return new SipStartException(
            $"Media.Codecs names \"{name}\", which is not known here; write {string.Join(", ", names)}, or add a codec of your own with "
            + $"Media.AddCodec.");
    }

    private static OpusProviderChoice? ChooseOpus(
        MediaOptions options, List<IAudioCodec> known, IReadOnlyList<IOpusCodecProvider> environment)
    {
        // Nothing is loaded that nobody asks for, and the host's own Opus comes before ours.
        var wanted = options.Codecs.Any(IsOpus);
        if (!wanted || known.Exists(c => c.Name.Equals(OpusName, StringComparison.OrdinalIgnoreCase)))
            return null;
        if (options.OpusProviders.Count > 0)
            return OpusCodecProviders.FirstAvailable(options.OpusProviders);
        return OpusCodecProviders.FirstAvailable(
            environment.Count > 0 ? environment : [LibOpusCodecProvider.Instance, new ConcentusOpusCodecProvider()]);
    }

    // Redundancy costs quality: it is paid for only while the peer tells of losses.
    private static OpusEncoderOptions OpusOptions(MediaOptions options) =>
        new() { Bitrate = options.OpusBitrate, Complexity = options.OpusComplexity, ExpectedLossPercent = 0 };

    // As in a=rtpmap (RFC 8866 §6.6): NAME, NAME/RATE or NAME/RATE/CHANNELS. A name alone stands for all rates of it.
    private static bool IsNamed(string text, string name, int clockRate, int channels) =>
        text.Equals(name, StringComparison.OrdinalIgnoreCase)
        || text.Equals(string.Create(CultureInfo.InvariantCulture, $"{name}/{clockRate}/{channels}"), StringComparison.OrdinalIgnoreCase)
        || (channels == 1
            && text.Equals(string.Create(CultureInfo.InvariantCulture, $"{name}/{clockRate}"), StringComparison.OrdinalIgnoreCase));

    private static bool IsOpus(string text) => IsNamed(text, OpusName, OpusPacket.SampleRate, 2); // RFC 7587 §7

    private static bool IsSame(IAudioCodec a, IAudioCodec b) =>
        a.ClockRate == b.ClockRate && a.Channels == b.Channels && a.Name.Equals(b.Name, StringComparison.OrdinalIgnoreCase);

    private static void CheckAdded(IReadOnlyList<IAudioCodec> added)
    {
        for (var i = 0; i < added.Count; i++)
        {
            var codec = added[i];
            if (codec.SampleRate is not (8000 or 16_000 or 48_000))
                throw new SipStartException(
                    $"Media.AddCodec: {codec.Name} works at {codec.SampleRate} Hz; rooms take 8000, 16000 or 48000.");
            if (string.IsNullOrEmpty(codec.Name) || codec.Name.AsSpan().ContainsAnyExcept(NameCharacters) || codec.ClockRate <= 0
                || codec.Channels <= 0
                || codec.StaticPayloadType is < -1 or > 127 || codec.FormatParameters?.AsSpan().ContainsAnyInRange('\0', '\u001f') == true)
            {
                throw new SipStartException(
                    $"Media.AddCodec: \"{codec.Name}\" can't be written in SDP: a name without spaces, a clock rate, channels and a "
                    + $"payload type from -1 to 127 are needed.");
            }

            if (added.Take(i).Any(other => IsSame(other, codec)))
                throw new SipStartException($"Media.AddCodec: {codec.Name}/{codec.ClockRate} is added twice; leave one out.");
        }
    }

    private static void CheckStaticPayloadTypes(List<IAudioCodec> chosen)
    {
        var shared = chosen.Where(c => c.StaticPayloadType >= 0).GroupBy(c => c.StaticPayloadType)
            .FirstOrDefault(g => g.Count() > 1)?.ToArray();
        if (shared is not null)
            throw new SipStartException(
                $"{shared[0].Name} and {shared[1].Name} both claim payload type {shared[0].StaticPayloadType}; leave one of them out of "
                + $"Media.Codecs.");
    }
}

using System.Globalization;

namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>What the receiver of an Opus stream says of itself in its <c>a=fmtp</c> (RFC 7587 §6.1).</summary>
internal readonly record struct OpusPeerParameters
{
    private const int LowestBitrate = 6000; // RFC 7587 §3.1
    private const int HighestBitrate = 510_000;

    private static readonly int[] FrameTimes = [10, 20, 40, 60]; // ms; RFC 6716 §2.1.4, those of 10 ms and more

    private OpusPeerParameters(bool usesInBandFec)
    {
        MaxBitrate = HighestBitrate;
        MaxBandwidth = OpusBandwidth.Full;
        UsesInBandFec = usesInBandFec;
        MaxPacketTime = 120;
    }

    /// <summary>Bits per second it wants to get at most, on average.</summary>
    public int MaxBitrate { get; private init; }

    /// <summary>Widest audio that it can play.</summary>
    public OpusBandwidth MaxBandwidth { get; private init; }

    /// <summary>Whether it makes use of in-band FEC.</summary>
    public bool UsesInBandFec { get; private init; }

    /// <summary>Whether it prefers a constant bit rate.</summary>
    public bool PrefersConstantBitrate { get; private init; }

    /// <summary>Whether it prefers that nothing is sent in silence.</summary>
    public bool PrefersDtx { get; private init; }

    /// <summary>Shortest packet it wants, in ms; 0: any.</summary>
    public int MinPacketTime { get; private init; }

    /// <summary>Longest packet it wants, in ms.</summary>
    public int MaxPacketTime { get; private init; }

    /// <summary>Reads them. What is unknown, malformed or out of range is left at its default.</summary>
    /// <param name="text">Value of <c>a=fmtp</c> behind the payload type. Null: nothing is known, FEC included; empty: the defaults,
    /// without FEC.</param>
    public static OpusPeerParameters Parse(string? text)
    {
        var result = new OpusPeerParameters(usesInBandFec: text is null);
        var hasMaxBitrate = false;
        foreach (var range in text.AsSpan().Split(';'))
        {
            var parameter = text.AsSpan()[range];
            var equals = parameter.IndexOf('=');
            if (equals < 0
                || !int.TryParse(parameter[(equals + 1)..], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture, out var value))
                continue;
            result = result.With(parameter[..equals].Trim(), value, ref hasMaxBitrate);
        }

        return hasMaxBitrate ? result : result with { MaxBitrate = DefaultBitrate(result.MaxBandwidth) };
    }

    /// <summary>The host's options within what the receiver wants.</summary>
    /// <param name="options">Of the host.</param>
    public OpusEncoderOptions Limit(OpusEncoderOptions options) => options with
    {
        Bitrate = Math.Min(options.Bitrate, MaxBitrate),
        MaxAverageBitrate = MaxBitrate == HighestBitrate ? options.MaxAverageBitrate
            : Math.Min(options.MaxAverageBitrate ?? HighestBitrate, MaxBitrate),
        MaxBandwidth = (OpusBandwidth)Math.Min((int)options.MaxBandwidth, (int)MaxBandwidth),
        UseInBandFec = options.UseInBandFec && UsesInBandFec,
        UseConstantBitrate = options.UseConstantBitrate || PrefersConstantBitrate,
        UseDtx = options.UseDtx || PrefersDtx,
    };

    /// <summary>The frame size for a packet time: the longest that is neither above it nor above what the receiver takes.</summary>
    /// <param name="wanted">As negotiated.</param>
    public TimeSpan ClosestPacketTime(TimeSpan wanted)
    {
        var closest = FrameTimes[0];
        foreach (var time in FrameTimes)
        {
            if (time <= MaxPacketTime && (time <= wanted.TotalMilliseconds || closest < MinPacketTime))
                closest = time;
        }

        return TimeSpan.FromMilliseconds(closest);
    }

    private OpusPeerParameters With(ReadOnlySpan<char> name, int value, ref bool hasMaxBitrate)
    {
        if (Is(name, "maxaveragebitrate") && value is >= LowestBitrate and <= HighestBitrate)
        {
            hasMaxBitrate = true;
            return this with { MaxBitrate = value };
        }

        if (Is(name, "maxplaybackrate") && value is >= 8000 and <= 48_000)
            return this with { MaxBandwidth = BandwidthOf(value) };
        if (Is(name, "minptime") && value is > 0 and <= 120)
            return this with { MinPacketTime = value };
        if (Is(name, "maxptime") && value is > 0 and <= 120)
            return this with { MaxPacketTime = value };
        if (value is not (0 or 1))
            return this;
        if (Is(name, "useinbandfec"))
            return this with { UsesInBandFec = value == 1 };
        if (Is(name, "cbr"))
            return this with { PrefersConstantBitrate = value == 1 };
        return Is(name, "usedtx") ? this with { PrefersDtx = value == 1 } : this;
    }

    private static bool Is(ReadOnlySpan<char> name, string expected) => name.Equals(expected, StringComparison.OrdinalIgnoreCase);

    // §7.1: no more than is needed to make full use of audio sampled at that rate.
    private static OpusBandwidth BandwidthOf(int rate) => rate switch
    {
        <= 8000 => OpusBandwidth.Narrow,
        <= 12_000 => OpusBandwidth.Medium,
        <= 16_000 => OpusBandwidth.Wide,
        <= 24_000 => OpusBandwidth.SuperWide,
        _ => OpusBandwidth.Full,
    };

    // §6.1: without maxaveragebitrate the highest rate that §3.1.1 names for the bandwidth. It names none for medium and super-wide band.
    private static int DefaultBitrate(OpusBandwidth bandwidth) => bandwidth switch
    {
        OpusBandwidth.Narrow => 12_000,
        OpusBandwidth.Medium or OpusBandwidth.Wide => 20_000,
        _ => HighestBitrate,
    };
}

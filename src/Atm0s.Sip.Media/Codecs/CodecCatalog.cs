using System.Collections;
using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.Media.Codecs;

/// <summary>The codecs that may be offered, most preferred first. Immutable.</summary>
public sealed class CodecCatalog : IReadOnlyList<IAudioCodec>
{
    private readonly IAudioCodec[] _codecs;

    /// <summary>Makes a catalog.</summary>
    /// <param name="codecs">The codecs, most preferred first.</param>
    /// <exception cref="ArgumentException">None is given, or two share name, clock rate and channels.</exception>
    public CodecCatalog(params IEnumerable<IAudioCodec> codecs)
    {
        ArgumentNullException.ThrowIfNull(codecs);
        _codecs = [.. codecs];
        if (_codecs.Length == 0) throw new ArgumentException("A catalog needs at least one codec.", nameof(codecs));
        var names = new HashSet<(string, int, int)>();
        foreach (var codec in _codecs)
        {
            ArgumentNullException.ThrowIfNull(codec, nameof(codecs));
            if (!names.Add((codec.Name.ToUpperInvariant(), codec.ClockRate, codec.Channels)))
                throw new ArgumentException($"{codec.Name}/{codec.ClockRate} is named twice.", nameof(codecs));
        }
    }

    /// <summary>PCMA, then PCMU: what every phone can do.</summary>
    public static CodecCatalog G711 { get; } = new(PcmaCodec.Instance, PcmuCodec.Instance);

    /// <inheritdoc/>
    public int Count => _codecs.Length;

    /// <inheritdoc/>
    public IAudioCodec this[int index] => _codecs[index];

    /// <summary>Finds the first codec of that name.</summary>
    /// <param name="name">Encoding name, any case (RFC 8866 §6.6).</param>
    public IAudioCodec? Find(ReadOnlySpan<char> name)
    {
        foreach (var codec in _codecs)
        {
            if (name.Equals(codec.Name, StringComparison.OrdinalIgnoreCase)) return codec;
        }

        return null;
    }

    /// <summary>Finds the codec of one <c>a=rtpmap</c>.</summary>
    /// <param name="name">Encoding name, any case (RFC 8866 §6.6).</param>
    /// <param name="clockRate">RTP clock rate, in Hz.</param>
    /// <param name="channels">Channels named; 1 when the attribute names none.</param>
    public IAudioCodec? Find(ReadOnlySpan<char> name, int clockRate, int channels = 1)
    {
        foreach (var codec in _codecs)
        {
            if (codec.ClockRate == clockRate && codec.Channels == channels && name.Equals(codec.Name, StringComparison.OrdinalIgnoreCase))
                return codec;
        }

        return null;
    }

    /// <summary>Finds the codec of a static payload type that came without <c>a=rtpmap</c> (RFC 3551 §6).</summary>
    /// <param name="payloadType">0 to 127.</param>
    public IAudioCodec? FindStatic(int payloadType)
    {
        if (payloadType < 0) return null;
        foreach (var codec in _codecs)
        {
            if (codec.StaticPayloadType == payloadType) return codec;
        }

        return null;
    }

    /// <inheritdoc/>
    public IEnumerator<IAudioCodec> GetEnumerator() => ((IEnumerable<IAudioCodec>)_codecs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _codecs.GetEnumerator();
}

using System.Collections.Concurrent;
using Atm0s.Sip.Sounds;
using Atm0s.Sip.Sounds.Ogg;

namespace Atm0s.Sip;

/// <summary>
/// A piece of audio in memory, to be played to calls and rooms, to any number at once. Mono; at most 33,554,432 samples, which are 11
/// minutes at 48 kHz and 69 at 8 kHz. Immutable.
/// </summary>
public sealed class AudioClip
{
    private const int MaxSamples = 32 << 20;
    private const int MaxFile = 256 << 20;
    private const double ToneLevel = 0.2; // of full scale, -14 dB

    private readonly ConcurrentDictionary<int, Lazy<short[]>> _converted = new();
    private readonly short[] _samples;

    private AudioClip(short[] samples, int sampleRate) => (_samples, SampleRate) = (samples, sampleRate);

    /// <summary>The ringing that a caller hears in most of Europe: 425 Hz, one second on, four off. To be looped.</summary>
    public static AudioClip Ringback { get; } = Join(
        Tone(TimeSpan.FromSeconds(1), 425), Silence(TimeSpan.FromSeconds(4)));

    /// <summary>Two rising notes: somebody has come.</summary>
    public static AudioClip JoinTone { get; } = Join(
        Tone(TimeSpan.FromMilliseconds(120), 523.25), Tone(TimeSpan.FromMilliseconds(180), 783.99));

    /// <summary>Two falling notes: somebody has gone.</summary>
    public static AudioClip LeaveTone { get; } = Join(
        Tone(TimeSpan.FromMilliseconds(120), 783.99), Tone(TimeSpan.FromMilliseconds(180), 523.25));

    /// <summary>Samples per second: 8000, 16000 or 48000.</summary>
    public int SampleRate { get; }

    /// <summary>How long it plays.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(_samples.Length * TimeSpan.TicksPerSecond / SampleRate);

    /// <summary>Samples that it holds in memory, of 2 bytes: those at other rates, at which it was played, included.</summary>
    public long KeptSamples =>
        _samples.LongLength + _converted.Values.Sum(static made => made.IsValueCreated ? made.Value.LongLength : 0);

    /// <summary>Reads a file: WAV (PCM of 8 to 32 bits, float, G.711) or Ogg Opus; several channels become one.</summary>
    /// <param name="path">The file, at most 256 MiB.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">It can't be read, or is too long; says why.</exception>
    /// <exception cref="IOException">The file is not there, or can't be opened.</exception>
    public static async Task<AudioClip> LoadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (new FileInfo(path) is { Exists: true, Length: > MaxFile })
            throw new InvalidDataException($"{Path.GetFileName(path)} has more than 256 MiB.");
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => FromFile(bytes), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the bytes of a file, as <see cref="LoadAsync"/>.</summary>
    /// <param name="file">The whole of it.</param>
    /// <exception cref="InvalidDataException">It can't be read, or is too long; says why.</exception>
    public static AudioClip FromFile(ReadOnlyMemory<byte> file)
    {
        if (OggPackets.IsOgg(file.Span))
            return new AudioClip(OpusFiles.Read(file, MaxSamples), 48_000);
        if (!WavReader.IsWav(file.Span))
            throw new InvalidDataException("Neither a WAV nor an Ogg Opus file.");
        var (samples, rate) = WavReader.Read(file.Span, MaxSamples);
        return Fits(samples.Length, rate, out var ours)
            ? new AudioClip(RateConverter.Convert(samples, rate, ours), ours)
            : throw new InvalidDataException($"The WAV file would have more than 33,554,432 samples at {ours} Hz.");
    }

    /// <summary>Takes samples, for example those of a speech synthesizer.</summary>
    /// <param name="samples">Mono, 16 bits; copied.</param>
    /// <param name="sampleRate">4,000 to 192,000 Hz; converted to 8000, 16000 or 48000 when it is none of them.</param>
    /// <exception cref="ArgumentException">A rate out of range, or too many samples.</exception>
    public static AudioClip FromPcm(ReadOnlySpan<short> samples, int sampleRate)
    {
        if (sampleRate is < 4000 or > 192_000)
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "From 4,000 to 192,000 Hz.");
        if (!Fits(samples.Length, sampleRate, out var rate))
            throw new ArgumentException("A clip has at most 33,554,432 samples.", nameof(samples));
        return new AudioClip(RateConverter.Convert(samples, sampleRate, rate), rate);
    }

    /// <summary>A tone of one or more frequencies, at 16 kHz; it begins and ends softly.</summary>
    /// <param name="duration">At most 30 minutes.</param>
    /// <param name="frequencies">In Hz, 20 to 7,000.</param>
    public static AudioClip Tone(TimeSpan duration, params ReadOnlySpan<double> frequencies)
    {
        var samples = new short[CountOf(duration)];
        const int Edge = 80; // 5 ms
        for (var i = 0; i < samples.Length; i++)
        {
            var sum = 0.0;
            foreach (var frequency in frequencies)
                sum += Math.Sin(Math.Tau * frequency * i / 16_000);
            var edge = Math.Min(1, Math.Min(i, samples.Length - 1 - i) / (double)Edge);
            samples[i] = (short)(short.MaxValue * ToneLevel * edge * sum / Math.Max(1, frequencies.Length));
        }

        return new AudioClip(samples, 16_000);
    }

    /// <summary>Silence, at 16 kHz.</summary>
    /// <param name="duration">At most 30 minutes.</param>
    public static AudioClip Silence(TimeSpan duration) => new(new short[CountOf(duration)], 16_000);

    /// <summary>One after the other, at the highest of their rates.</summary>
    /// <param name="clips">At least one.</param>
    public static AudioClip Join(params ReadOnlySpan<AudioClip> clips)
    {
        if (clips.IsEmpty)
            throw new ArgumentException("At least one clip.", nameof(clips));
        var rate = 8000;
        foreach (var clip in clips)
            rate = Math.Max(rate, clip.SampleRate);
        var samples = new List<short>();
        foreach (var clip in clips)
            samples.AddRange(clip.At(rate));
        if (samples.Count > MaxSamples)
            throw new ArgumentException("A clip has at most 33,554,432 samples.", nameof(clips));
        return new AudioClip([.. samples], rate);
    }

    /// <summary>Its samples, at <see cref="SampleRate"/>.</summary>
    public short[] ToPcm() => [.. _samples];

    /// <summary>Its samples at another rate, for example that of a <see cref="RoomBot"/>.</summary>
    /// <param name="sampleRate">4,000 to 192,000 Hz.</param>
    public short[] ToPcm(int sampleRate)
    {
        if (sampleRate is < 4000 or > 192_000)
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "From 4,000 to 192,000 Hz.");
        return RateConverter.Convert(_samples, SampleRate, sampleRate);
    }

    /// <summary>
    /// Its samples at a rate of rooms; not to be changed. The first time at another rate takes long: not for a shard or a tick.
    /// </summary>
    internal short[] At(int rate) => rate == SampleRate
        ? _samples
        : _converted.GetOrAdd(
            rate,
            static (wanted, clip) => new Lazy<short[]>(() => RateConverter.Convert(clip._samples, clip.SampleRate, wanted)),
            this).Value;

    /// <summary>The same, when it takes no time; else null.</summary>
    internal short[]? AtOnce(int rate) => rate == SampleRate ? _samples
        : _converted.TryGetValue(rate, out var made) && made.IsValueCreated ? made.Value
        : null;

    // At the next of the rates of rooms.
    private static bool Fits(int samples, int sampleRate, out int rate)
    {
        rate = sampleRate <= 8000 ? 8000 : sampleRate <= 16_000 ? 16_000 : 48_000;
        return (long)samples * rate / sampleRate <= MaxSamples;
    }

    private static int CountOf(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero || duration > TimeSpan.FromMinutes(30))
            throw new ArgumentOutOfRangeException(nameof(duration), duration, "From 0 to 30 minutes.");
        return (int)(duration.Ticks * 16_000 / TimeSpan.TicksPerSecond);
    }
}

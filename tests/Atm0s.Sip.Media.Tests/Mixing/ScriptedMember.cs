using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>A member that says what it is told for each frame, and keeps each frame that it hears.</summary>
/// <param name="rate">Hz.</param>
/// <param name="sample">
/// The sample of this number (frame number and sample in the frame), or null for a silent frame, asked for the first of it.
/// </param>
internal sealed class ScriptedMember(int rate, Func<int, int, double?> sample) : IPcmEndpoint
{
    private int _frames;

    public int SampleRate => rate;

    /// <summary>What it said, by frame; null: nothing.</summary>
    public List<short[]?> Said { get; } = [];

    /// <summary>What it heard, by frame.</summary>
    public List<short[]> Heard { get; } = [];

    /// <summary>A steady tone.</summary>
    public static ScriptedMember Tone(double hz, double amplitude, int rate = 8000) =>
        new(rate, (frame, i) => amplitude * Math.Sin(2 * Math.PI * hz * ((frame * rate / 50) + i) / rate));

    /// <summary>Says nothing.</summary>
    public static ScriptedMember Silent(int rate = 8000) => new(rate, (_, _) => null);

    public bool Read(Span<short> frame)
    {
        var number = _frames++;
        if (sample(number, 0) is null)
        {
            Said.Add(null);
            return false;
        }

        for (var i = 0; i < frame.Length; i++)
            frame[i] = (short)Math.Round(sample(number, i)!.Value);
        Said.Add(frame.ToArray());
        return true;
    }

    public void Write(ReadOnlySpan<short> frame) => Heard.Add(frame.ToArray());

    /// <summary>Level of a tone in what it heard from a frame on, in dB of full scale.</summary>
    public double Level(double hz, int from = 50)
    {
        short[] pcm = [.. Heard.Skip(from).SelectMany(frame => frame)];
        return Tests.Tone.Db(Tests.Tone.Measure(pcm, hz, rate).Amplitude / 32768);
    }
}

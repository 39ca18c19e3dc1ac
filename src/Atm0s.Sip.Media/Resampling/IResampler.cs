namespace Atm0s.Sip.Media.Resampling;

/// <summary>Changes the rate of one mono stream, frame by frame. Holds history: one instance per stream and direction.</summary>
public interface IResampler
{
    /// <summary>Rate in, in Hz.</summary>
    int InputRate { get; }

    /// <summary>Rate out, in Hz.</summary>
    int OutputRate { get; }

    /// <summary>Delay added, in seconds of signal (at most 3 ms).</summary>
    double Delay { get; }

    /// <summary>Converts a whole number of milliseconds.</summary>
    /// <param name="input">Samples at <see cref="InputRate"/>; normally 20 ms.</param>
    /// <param name="output">Exactly <c>input.Length * OutputRate / InputRate</c> samples are written.</param>
    /// <returns>Samples written.</returns>
    int Process(ReadOnlySpan<short> input, Span<short> output);

    /// <summary>Forgets all history, as if new.</summary>
    void Reset();
}

namespace Atm0s.Sip.Media.Audio;

/// <summary>
/// Tells when somebody begins to talk and when he has ended, by the energy of frames of 20 ms: talk stands out of the noise by 8 dB for two
/// frames in a row, and ends with 0.4 s of less. The noise is the quietest of the last two seconds. One caller at a time; allocates nothing.
/// </summary>
public sealed class TalkDetector
{
    private const double Margin = 6.3;             // 8 dB over the noise
    private const double Faintest = 1_070;         // -60 dBov: nothing below is talk
    private const double LoudestNoise = 107_000;   // -40 dBov: nothing above is noise
    private const int Windows = 8;
    private const int FramesInWindow = 13;         // 260 ms
    private const int Onset = 2;                   // frames
    private const int Hangover = 20;

    private readonly double[] _quietest = new double[Windows];
    private int _window;
    private int _frames;
    private int _loud;  // frames in a row
    private int _quiet;

    /// <summary>Makes a detector that has heard nothing.</summary>
    public TalkDetector() => _quietest.AsSpan().Fill(Faintest);

    /// <summary>Whether somebody talks.</summary>
    public bool IsTalking { get; private set; }

    /// <summary>Takes a frame of 20 ms.</summary>
    /// <param name="meanSquare">Mean of its squared 16-bit samples.</param>
    /// <returns>Whether <see cref="IsTalking"/> has changed by it.</returns>
    public bool Process(double meanSquare) => Process(meanSquare, 1);

    /// <summary>Takes a frame of 20 ms, the last of some of which the others are not known: of what nobody hears not all is decoded.</summary>
    /// <param name="meanSquare">Mean of its squared 16-bit samples.</param>
    /// <param name="frames">How many have passed, this one included.</param>
    /// <returns>Whether <see cref="IsTalking"/> has changed by it.</returns>
    internal bool Process(double meanSquare, int frames)
    {
        var isLoud = meanSquare > Math.Max(Faintest, Learn(meanSquare, frames) * Margin);
        (_loud, _quiet) = isLoud ? (_loud + 1, 0) : (0, Math.Min(Hangover, _quiet + Math.Min(Hangover, frames)));
        var talks = IsTalking ? _quiet < Hangover : _loud >= Onset;
        if (talks == IsTalking)
            return false;
        IsTalking = talks;
        return true;
    }

    /// <summary>Forgets what it has heard: another source.</summary>
    /// <returns>Whether <see cref="IsTalking"/> has changed by it.</returns>
    public bool Restart()
    {
        _quietest.AsSpan().Fill(Faintest);
        (_loud, _quiet) = (0, 0);
        var talked = IsTalking;
        IsTalking = false;
        return talked;
    }

    private double Learn(double meanSquare, int frames)
    {
        _quietest[_window] = Math.Min(_quietest[_window], meanSquare);
        _frames += Math.Min(FramesInWindow, frames);
        if (_frames >= FramesInWindow)
        {
            _frames = 0;
            _window = (_window + 1) % Windows;
            _quietest[_window] = meanSquare;
        }

        var quietest = _quietest[0];
        foreach (var one in _quietest)
            quietest = Math.Min(quietest, one);
        return Math.Min(quietest, LoudestNoise);
    }
}

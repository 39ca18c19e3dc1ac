using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Doctor.Loopback;

/// <summary>Says nothing until it is told to, then a tone.</summary>
/// <param name="frequency">Hz.</param>
/// <param name="levelDbov">dBov: a sine of full scale has -3.</param>
/// <param name="time">Says when it began.</param>
internal sealed class ToneSpeaker(double frequency, double levelDbov, TimeProvider time) : IPcmEndpoint
{
    private readonly double _amplitude = 32_768 * Math.Sqrt(2) * Math.Pow(10, levelDbov / 20);
    private long _sample;
    private long _began;
    private volatile bool _speaks;

    public int SampleRate => 8000;

    /// <summary>Time stamp of the first frame; 0 before.</summary>
    public long Began => Volatile.Read(ref _began);

    /// <summary>Begins.</summary>
    public void Speak() => _speaks = true;

    public bool Read(Span<short> frame)
    {
        if (!_speaks)
            return false;
        if (_began == 0)
            Volatile.Write(ref _began, time.GetTimestamp());
        for (var i = 0; i < frame.Length; i++)
            frame[i] = (short)Math.Round(_amplitude * Math.Sin(Math.Tau * frequency * _sample++ / SampleRate));
        return true;
    }

    public void Write(ReadOnlySpan<short> frame)
    {
    }
}

using System.Net;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Says a tone in PCMA for a scripted phone, and measures what it hears.</summary>
/// <param name="peer">Its audio side.</param>
/// <param name="frequency">Hz.</param>
internal sealed class RtpVoice(RtpPeer peer, double frequency)
{
    private const int Rate = 8000;
    private const double Amplitude = 8000;

    private long _sample;

    /// <summary>What came since the last <see cref="Forget"/>.</summary>
    public WavFile Heard =>
        new(Rate, [.. peer.Rtp.Where(p => (p[1] & 0x7F) == 8).SelectMany(p => p[12..]).Select(b => ALawTable.Decode(b) / 32768f)]);

    /// <summary>What came so far does not count.</summary>
    public void Forget() => peer.Rtp.Clear();

    /// <summary>Speaks, and hears.</summary>
    public void Talk(double seconds, IPEndPoint to)
    {
        for (var i = 0; i < seconds * 50; i++)
            peer.Say(NextFrame(), to);
    }

    /// <summary>Says 20 ms; the time is another's affair.</summary>
    public void Send(IPEndPoint to) => peer.Send(NextFrame(), to);

    /// <summary>Hears what has come.</summary>
    public void Hear() => peer.Listen(TimeSpan.Zero);

    private byte[] NextFrame()
    {
        var payload = new byte[160];
        foreach (ref var code in payload.AsSpan())
            code = ALawTable.Encode((short)(Amplitude * Math.Sin(Math.Tau * frequency * _sample++ / Rate)));
        return payload;
    }
}

using System.Net;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>What a leg's tick publishes: it alone writes, everybody reads.</summary>
internal sealed class LegFigures
{
    private const long Unknown = -1;

    private volatile string _codec = "";
    private volatile IPEndPoint? _remote;
    private volatile int _level = -127;
    private long _sent;
    private long _received;
    private long _lost;
    private long _refused;
    private double _jitter;
    private long _roundTrip = Unknown;
    private long _delay;

    public void SetPeer(string codec, IPEndPoint remote) => (_codec, _remote) = (codec, remote);

    public void SetRemote(IPEndPoint remote) => _remote = remote;

    public void SetLevel(int level) => _level = level;

    public void CountReceived() => Volatile.Write(ref _received, _received + 1);

    public void CountRefused() => Volatile.Write(ref _refused, _refused + 1);

    public void Set(long sent, long lost, double jitter, TimeSpan? roundTrip, TimeSpan delay)
    {
        Volatile.Write(ref _sent, sent);
        Volatile.Write(ref _lost, Math.Max(_lost, lost)); // a packet that comes after all was late, not lost: what was told stays
        Volatile.Write(ref _jitter, jitter);
        Volatile.Write(ref _roundTrip, roundTrip?.Ticks ?? Unknown);
        Volatile.Write(ref _delay, delay.Ticks);
    }

    public RtpLegStatistics Read(IPEndPoint local)
    {
        var roundTrip = Volatile.Read(ref _roundTrip);
        return new RtpLegStatistics
        {
            Codec = _codec,
            PacketsSent = Volatile.Read(ref _sent),
            PacketsReceived = Volatile.Read(ref _received),
            PacketsLost = Volatile.Read(ref _lost),
            PacketsRefused = Volatile.Read(ref _refused),
            JitterMilliseconds = Volatile.Read(ref _jitter),
            RoundTrip = roundTrip == Unknown ? null : new TimeSpan(roundTrip),
            LevelDbov = _level,
            Local = local,
            Remote = _remote,
            JitterBufferDelay = new TimeSpan(Volatile.Read(ref _delay)),
        };
    }
}

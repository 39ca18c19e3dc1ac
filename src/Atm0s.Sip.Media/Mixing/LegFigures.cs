using System.Net;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>What a leg's tick publishes: it alone writes, and never waits; everybody reads, and gets figures of one tick.</summary>
internal sealed class LegFigures
{
    private volatile string _codec = "";
    private volatile IPEndPoint? _remote;
    private LegReading _reading = new() { Level = -127 };
    private int _version; // odd while the reading is written

    public void SetPeer(string codec, IPEndPoint remote) => (_codec, _remote) = (codec, remote);

    public void SetRemote(IPEndPoint remote) => _remote = remote;

    public void Publish(in LegReading reading)
    {
        Volatile.Write(ref _version, _version + 1);
        Volatile.WriteBarrier();
        _reading = reading;
        Volatile.Write(ref _version, _version + 1);
    }

    public RtpLegStatistics Read(IPEndPoint local)
    {
        var reading = Read();
        return new RtpLegStatistics
        {
            Codec = _codec,
            SrtpSuite = reading.Suite,
            PacketsSent = reading.Sent,
            PacketsReceived = reading.Received,
            PacketsLost = reading.Lost,
            PacketsRefused = reading.Refused,
            JitterMilliseconds = reading.JitterMilliseconds,
            RoundTrip = reading.RoundTrip,
            LevelDbov = reading.Level,
            IsTalking = reading.IsTalking,
            Local = local,
            Remote = _remote,
            JitterBufferDelay = reading.JitterBufferDelay,
            PlayedAudio = reading.Playout.Played,
            ConcealedAudio = reading.Playout.Concealed,
            InsertedAudio = reading.Playout.Inserted,
            RemovedAudio = reading.Playout.Removed,
            PacketsDiscarded = reading.Playout.Discarded,
            Resyncs = reading.Playout.Resyncs,
            Mos = reading.Mos,
            ReceivedEnergy = reading.ReceivedEnergy,
            SentEnergy = reading.SentEnergy,
            Ticks = reading.Ticks,
        };
    }

    private LegReading Read()
    {
        var spin = default(SpinWait);
        while (true)
        {
            var before = Volatile.Read(ref _version);
            var reading = _reading;
            Volatile.ReadBarrier();
            if ((before & 1) == 0 && before == Volatile.Read(ref _version))
                return reading;
            spin.SpinOnce();
        }
    }
}

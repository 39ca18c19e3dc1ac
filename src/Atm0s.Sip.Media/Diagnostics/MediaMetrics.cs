using System.Diagnostics.Metrics;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Diagnostics;

/// <summary>Counters of a media engine, also published by the meter <see cref="MeterName"/>. Readable from any thread.</summary>
public sealed class MediaMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Atm0s.Sip.Media";

    private readonly Meter _meter;
    private readonly MediaCounters[] _counters;
    private int _rooms;
    private int _legs;
    private volatile bool _isOver;

    internal MediaMetrics(MediaCounters[] counters, IMeterFactory? factory = null, MediaPortPool? ports = null)
    {
        _counters = counters;
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        Counter("atm0s.sip.media.ticks", () => Ticks, "{tick}", "Room ticks run");
        Counter("atm0s.sip.media.ticks.late", () => LateTicks, "{tick}", "Ticks begun more than 5 ms late");
        Counter("atm0s.sip.media.ticks.stuck", () => StuckTicks, "{tick}", "Ticks that took more than a second");
        Counter("atm0s.sip.media.faults", () => Faults, "{fault}", "Exceptions that left a room's tick, or a look of the watchdog");
        Counter("atm0s.sip.media.ticks.skipped", () => SkippedTicks, "{tick}", "Ticks given up");
        Seconds("atm0s.sip.media.ticks.time", () => TickTime, "Time spent in ticks");
        Seconds("atm0s.sip.media.ticks.off_processor", () => OffProcessorTime, "Part of it in which the thread did not run (Linux)");
        Counter("atm0s.sip.media.packets.received", () => PacketsReceived, "{packet}", "RTP packets taken");
        Counter("atm0s.sip.media.packets.sent", () => PacketsSent, "{packet}", "RTP packets sent");
        Counter("atm0s.sip.media.packets.left_out", () => PacketsLeftOut, "{packet}", "Packets not decoded since nobody heard them");
        Counter("atm0s.sip.media.packets.shared", () => PacketsShared, "{packet}", "Packets sent that were encoded once for many");
        Counter("atm0s.sip.media.packets.passed", () => PacketsPassed, "{packet}", "Packets sent as they came from a single speaker");
        Counter("atm0s.sip.media.packets.discarded", () => PacketsDiscarded, "{packet}", "RTP packets taken but not played");
        Counter("atm0s.sip.media.packets.refused", MeasureRefused, "{packet}", "Datagrams not taken, by reason");
        Seconds("atm0s.sip.media.playout.played", () => PlayedAudio, "Audio played");
        Seconds("atm0s.sip.media.playout.concealed", () => ConcealedAudio, "Part of it that was made up");
        Seconds("atm0s.sip.media.playout.inserted", () => InsertedAudio, "Audio added to let buffers grow");
        Seconds("atm0s.sip.media.playout.removed", () => RemovedAudio, "Audio taken out to let buffers shrink");
        Counter("atm0s.sip.media.playout.resyncs", () => Resyncs, "{resync}", "Times that a jitter buffer began anew");
        Counter("atm0s.sip.media.socket.errors", MeasureErrors, "{error}", "Errors of sockets, by direction");
        Counter("atm0s.sip.media.legs.ended", MeasureEnded, "{leg}", "RTP legs that ended, by their mean opinion score");
        UpDownCounter("atm0s.sip.media.rooms", () => Rooms, "{room}", "Rooms open");
        UpDownCounter("atm0s.sip.media.legs", () => Legs, "{leg}", "RTP legs open");
        if (ports is null)
            return;
        UpDownCounter("atm0s.sip.media.ports.used", () => ports.InUse, "{pair}", "Pairs of UDP ports that calls have");
        UpDownCounter("atm0s.sip.media.ports.limit", () => ports.Capacity, "{pair}", "Pairs of UDP ports that there are");
    }

    /// <summary>Room ticks run.</summary>
    public long Ticks => Sum(static c => Volatile.Read(ref c.Ticks));

    /// <summary>Ticks begun more than 5 ms late.</summary>
    public long LateTicks => Sum(static c => Volatile.Read(ref c.LateTicks));

    /// <summary>Ticks of rooms that took more than a second, by which all rooms of their thread fell silent.</summary>
    public long StuckTicks => Sum(static c => Volatile.Read(ref c.StuckTicks));

    /// <summary>Exceptions that left a room's tick, or a look of the watchdog.</summary>
    internal long Faults => Sum(static c => Volatile.Read(ref c.Faults));

    /// <summary>Time spent in ticks.</summary>
    public TimeSpan TickTime => new(Sum(static c => Volatile.Read(ref c.TickTime)));

    /// <summary>
    /// Part of <see cref="TickTime"/> in which the thread did not run: other threads had the processor, or memory was collected. Linux
    /// only.
    /// </summary>
    public TimeSpan OffProcessorTime => new(Sum(static c => Volatile.Read(ref c.OffProcessorTime)));

    /// <summary>Ticks given up since their thread was more than five periods late.</summary>
    public long SkippedTicks => Sum(static c => Volatile.Read(ref c.SkippedTicks));

    /// <summary>RTP packets taken.</summary>
    public long PacketsReceived => Sum(static c => Volatile.Read(ref c.PacketsReceived));

    /// <summary>RTP packets sent.</summary>
    public long PacketsSent => Sum(static c => Volatile.Read(ref c.PacketsSent));

    /// <summary>Packets that were taken and not decoded, since nobody heard who sent them. They count as played.</summary>
    public long PacketsLeftOut => Sum(static c => Volatile.Read(ref c.PacketsLeftOut));

    /// <summary>Packets sent whose payload was encoded once for all who heard the same.</summary>
    public long PacketsShared => Sum(static c => Volatile.Read(ref c.SharedPayloads));

    /// <summary>Packets sent whose payload is the one of a single speaker, as it came: of a phone, or of a source of Opus packets.</summary>
    public long PacketsPassed => Sum(static c => Volatile.Read(ref c.PassedPayloads));

    /// <summary>Datagrams that could not be sent.</summary>
    public long SendErrors => Sum(static c => Volatile.Read(ref c.SendErrors));

    /// <summary>Errors met while receiving, ICMP for the most part.</summary>
    public long ReceiveErrors => Sum(static c => Volatile.Read(ref c.ReceiveErrors));

    /// <summary>RTP packets taken but not played: late, or of no time line.</summary>
    public long PacketsDiscarded => Sum(static c => Volatile.Read(ref c.PacketsDiscarded));

    /// <summary>Audio of peers that was played, over all legs.</summary>
    public TimeSpan PlayedAudio => new(Sum(static c => Volatile.Read(ref c.PlayedAudio)));

    /// <summary>Part of <see cref="PlayedAudio"/> that was made up because nothing was there in time.</summary>
    public TimeSpan ConcealedAudio => new(Sum(static c => Volatile.Read(ref c.ConcealedAudio)));

    /// <summary>Audio that was added to let jitter buffers grow.</summary>
    public TimeSpan InsertedAudio => new(Sum(static c => Volatile.Read(ref c.InsertedAudio)));

    /// <summary>Audio that was taken out to let jitter buffers shrink.</summary>
    public TimeSpan RemovedAudio => new(Sum(static c => Volatile.Read(ref c.RemovedAudio)));

    /// <summary>Times that a jitter buffer began anew: a jump, a restart, a stall.</summary>
    public long Resyncs => Sum(static c => Volatile.Read(ref c.Resyncs));

    /// <summary>Rooms open.</summary>
    public int Rooms => Volatile.Read(ref _rooms);

    /// <summary>RTP legs that hold ports.</summary>
    public int Legs => Volatile.Read(ref _legs);

    /// <summary>Datagrams not taken for this reason.</summary>
    /// <param name="reason">The reason.</param>
    public long Refused(RefusalReason reason)
    {
        long sum = 0;
        foreach (var counters in _counters)
            sum += counters.Refused(reason);
        return sum;
    }

    /// <summary>Ends the meter; one of a factory lives on, but tells nothing of this engine any more.</summary>
    public void Dispose()
    {
        _isOver = true;
        _meter.Dispose();
    }

    internal void AddRooms(int change) => Interlocked.Add(ref _rooms, change);

    internal void AddLegs(int change) => Interlocked.Add(ref _legs, change);

    private void Counter(string name, Func<long> read, string unit, string description) =>
        Counter(name, () => [new Measurement<long>(read())], unit, description);

    private void Counter(string name, Func<IEnumerable<Measurement<long>>> read, string unit, string description) =>
        _meter.CreateObservableCounter(name, () => _isOver ? [] : read(), unit, description);

    private void Seconds(string name, Func<TimeSpan> read, string description) =>
        _meter.CreateObservableCounter(name, () => _isOver ? [] : Once(new Measurement<double>(read().TotalSeconds)), "s", description);

    private void UpDownCounter(string name, Func<long> read, string unit, string description) =>
        _meter.CreateObservableUpDownCounter(name, () => _isOver ? [] : Once(new Measurement<long>(read())), unit, description);

    private static IEnumerable<T> Once<T>(T measurement) => [measurement];

    private long Sum(Func<MediaCounters, long> read)
    {
        long sum = 0;
        foreach (var counters in _counters)
            sum += read(counters);
        return sum;
    }

    private IEnumerable<Measurement<long>> MeasureRefused()
    {
        for (var i = 0; i < RefusalReasons.Names.Length; i++)
            yield return new Measurement<long>(
                Refused((RefusalReason)i), new KeyValuePair<string, object?>("reason", RefusalReasons.Names[i]));
    }

    private IEnumerable<Measurement<long>> MeasureEnded()
    {
        for (var i = 0; i < ScoreClasses.Names.Length; i++)
        {
            var of = i;
            yield return new Measurement<long>(Sum(c => c.Ended(of)), new KeyValuePair<string, object?>("mos", ScoreClasses.Names[i]));
        }
    }

    private IEnumerable<Measurement<long>> MeasureErrors() =>
    [
        new Measurement<long>(SendErrors, new KeyValuePair<string, object?>("direction", "send")),
        new Measurement<long>(ReceiveErrors, new KeyValuePair<string, object?>("direction", "receive")),
    ];
}

using System.Collections.Concurrent;
using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media;

/// <summary>Rooms, the legs in them, and the threads that tick them. All methods may be called from any thread.</summary>
public sealed class MediaEngine : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MediaEngineOptions _options;
    private readonly MediaClock _clock;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly MediaPortPool _ports;
    private readonly MediaTicker[] _tickers;
    private readonly ConcurrentDictionary<RtpLeg, bool> _legs = []; // no lock of ours: the media thread takes legs out
    private readonly LogLimit _noPort;
    private readonly LogLimit _full;
    private bool _started;
    private volatile bool _disposed;

    /// <summary>Makes an engine; nothing ticks before <see cref="Start"/>.</summary>
    /// <param name="options">Ports, threads, time-outs.</param>
    /// <param name="network">Where sockets come from.</param>
    /// <param name="clock">Ticks the rooms; the engine disposes of it.</param>
    /// <param name="timeProvider">Wall clock of RTCP, and the rest of ports.</param>
    /// <param name="random">SSRCs, sequence numbers, times of reports; used under a lock.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The range of ports holds no pair, there is no thread, or the DSCP is none of 0 to 63.
    /// </exception>
    public MediaEngine(
        MediaEngineOptions options, IMediaNetwork network, MediaClock clock, TimeProvider timeProvider, Random random, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        if (options.MaxSpeakers is not (MixRoom.AllSpeakers or (>= 1 and <= SpeakerSelector.MaxSpeakers)))
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxSpeakers, "1 to 16 speakers, or all.");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Dscp, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Dscp, 63);
        _options = options;
        _clock = clock;
        _time = timeProvider;
        _random = random;
        _logger = new GuardedLogger(logger);
        _noPort = new LogLimit(timeProvider);
        _full = new LogLimit(timeProvider);
        _ports = new MediaPortPool(network, options.FirstPort, options.LastPort, timeProvider, random.NextDouble());
        var counters = new MediaCounters[options.Threads];
        _tickers = new MediaTicker[options.Threads];
        for (var i = 0; i < options.Threads; i++)
        {
            counters[i] = new MediaCounters();
            _tickers[i] = new MediaTicker(counters[i], _logger, new Random(random.Next()));
        }

        Metrics = new MediaMetrics(counters, options.MeterFactory, _ports);
    }

    /// <summary>Counters.</summary>
    public MediaMetrics Metrics { get; }

    /// <summary>Pairs of ports that there are.</summary>
    public int PortPairs => _ports.Capacity;

    /// <summary>Pairs of ports that calls have now.</summary>
    public int PortPairsInUse => _ports.InUse;

    /// <summary>
    /// Whether the media threads have no time for another leg, though encoders take as little as they can: ticks take more than 92 % of
    /// their period.
    /// </summary>
    public bool IsFull => Array.TrueForAll(_tickers, static ticker => ticker.Counters.Governor.IsFull);

    /// <summary>
    /// Whether what time is left should be for callers who are known: ticks take more than 80 % of their period, though encoders take as little
    /// as they can.
    /// </summary>
    public bool IsScarce => Array.TrueForAll(_tickers, static ticker => ticker.Counters.Governor.IsScarce);

    /// <summary>What each media thread does at this moment.</summary>
    public IReadOnlyList<MediaThreadState> Threads => [.. _tickers.Select(ticker => ticker.State)];

    /// <summary>One for each thread.</summary>
    internal IReadOnlyList<MediaTicker> Tickers => _tickers;

    /// <summary>Begins to tick. Nothing happens the second time.</summary>
    public void Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_started)
                return;
            _started = true;
            _clock.Start(_tickers, _logger);
        }
    }

    /// <summary>
    /// Makes a room, without members. Rooms are spread over threads, and over the period in steps of 5 ms, where the fewest members are; they
    /// go to another thread when theirs has much more to do than that one.
    /// </summary>
    /// <param name="id">Its name, for logs; need not be unique here.</param>
    /// <exception cref="ObjectDisposedException">The engine has ended.</exception>
    public MixRoom CreateRoom(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var ticker = _tickers.Length == 1 ? _tickers[0] : _tickers.MinBy(static ticker => ticker.Members)!;
            var room = new MixRoom(id, _clock, ticker.Counters, Metrics, ticker.Random, _logger)
            {
                MaxSpeakers = _options.MaxSpeakers,
            };
            ticker.Add(room, ticker.EmptiestSlot);
            return room;
        }
    }

    /// <summary>
    /// Opens a pair of ports. Takes no lock, and gives up after five pairs that others use: calls in progress notice nothing.
    /// </summary>
    /// <param name="local">Local address.</param>
    /// <param name="observer">Told what happens on the leg.</param>
    /// <returns>
    /// The leg, to be closed by the caller; null when no pair of ports can be had or the threads have no time for more (the log says why), or
    /// the engine has ended.
    /// </returns>
    public RtpLeg? TryOpenLeg(IPAddress local, IRtpLegObserver observer)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(observer);
        if (_disposed)
            return null;
        if (IsFull)
        {
            if (_full.TryPass(out var more))
                MediaLog.Full(_logger, more);
            return null;
        }

        var result = _ports.TryTake(local, out var pair);
        if (result != MediaBindResult.Bound)
        {
            if (_noPort.TryPass(out var unsaid))
                MediaLog.NoPort(_logger, local, result, unsaid);
            return null;
        }

        if (_options.Dscp != 0)
        {
            pair!.Rtp.TrySetDscp(_options.Dscp);
            pair.Rtcp.TrySetDscp(_options.Dscp);
        }

        RtpLeg? leg = null;
        var ports = new LegPorts(pair!, _ports, () => Forget(leg!));
        var news = new LegNews(observer, ports.Rtp.LocalEndPoint.Port, _logger);
        leg = new RtpLeg(ports, news, _options.LegTimeout, _time, NextRandom, _logger);
        _legs[leg] = true;
        Metrics.AddLegs(1);
        if (!_disposed)
            return leg;
        leg.Close();
        return null;
    }

    /// <summary>Ends all threads, closes all rooms and legs and frees all ports.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        _clock.Dispose();
        foreach (var ticker in _tickers)
            ticker.ReleaseAll(_clock.Now);
        foreach (var leg in _legs.Keys) // those that were never started
            leg.Close();
        foreach (var ticker in _tickers)
            ticker.Dispose();
        Metrics.Dispose();
    }

    private double NextRandom()
    {
        lock (_random)
            return _random.NextDouble();
    }

    private void Forget(RtpLeg leg)
    {
        _legs.TryRemove(leg, out _);
        Metrics.AddLegs(-1);
    }
}

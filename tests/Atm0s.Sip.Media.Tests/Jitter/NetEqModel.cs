namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>
/// The delay manager and the decision logic of NetEq (WebRTC) as published, on lengths instead of audio: the reference that the jitter
/// buffer is measured against. Relative delay against the fastest packet of 2 s; its maximum of each 500 ms goes into a histogram of
/// 20 ms steps that forgets by 0.983; the 95 % point of it is the target. Each 10 ms: below three quarters of the target it stretches,
/// above the target it shortens (a pitch period at a time, with 50 ms between), without a packet it expands and does not move on.
/// </summary>
internal sealed class NetEqModel
{
    private const double PitchPeriod = 7.5;
    private const int Buckets = 100;
    private readonly double[] _histogram = new double[Buckets];
    private readonly Queue<(double At, double Transit)> _history = new();
    private readonly SortedDictionary<int, double> _packets = [];
    private int _added;
    private double _target = 80;
    private double _intervalStart;
    private double _intervalMax;
    private double _level;
    private double _queued;         // decoded and not played, ms
    private int _next;              // packet
    private double _expanded;       // since the last packet
    private int _sinceScale = 5;
    private double _position;       // media time of the next sample, ms
    private bool _started;

    public TraceResult Play(List<TracePacket> trace)
    {
        var (concealed, delay, calls, changes, played) = (0.0, 0.0, 0, 0, 0);
        var phase = trace[0].Sent - (trace[0].Number * 20);
        var next = 0;
        for (var now = 20.0; next < trace.Count; now += 20)
        {
            for (; next < trace.Count && trace[next].Arrival <= now; next++)
                Insert(trace[next], now);
            for (var half = 0; half < 2; half++)
            {
                if (_packets.Count > 0)
                    _started = true;
                if (!_started)
                    continue;
                var (made, scaled, decoded) = Get10Ms();
                concealed += made;
                changes += scaled;
                played += decoded;
                delay += now + (half * 10) - _position - phase + 10;
                calls++;
            }
        }

        var time = trace[^1].Arrival - trace[0].Arrival;
        return new TraceResult(concealed / time, 1 - ((played + 1.0) / trace.Count), delay / calls, changes / (time / 60_000));
    }

    private void Insert(TracePacket packet, double now)
    {
        var transit = now - (packet.Number * 20);
        _history.Enqueue((now, transit));
        while (_history.Peek().At < now - 2000)
            _history.Dequeue();
        var relative = transit - _history.Min(entry => entry.Transit);
        _intervalMax = Math.Max(_intervalMax, relative);
        if (now - _intervalStart >= 500)
        {
            AddToHistogram(_intervalMax);
            (_intervalStart, _intervalMax) = (now, 0);
        }

        if (packet.Number >= _next)
            _packets[packet.Number] = now;
    }

    private void AddToHistogram(double relative)
    {
        // Forgets faster at the start: 1 - 2 / (n + 1) until that is more than 0.983.
        _added++;
        var keep = Math.Max(0, Math.Min(0.983, 1 - (2.0 / (_added + 1))));
        for (var i = 0; i < Buckets; i++)
            _histogram[i] *= keep;
        _histogram[Math.Min(Buckets - 1, (int)(relative / 20))] += 1 - keep;
        var sum = 0.0;
        for (var i = 0; i < Buckets; i++)
        {
            sum += _histogram[i];
            if (sum < 0.95)
                continue;
            _target = Math.Max(20, (i + 1) * 20);
            return;
        }
    }

    private (double Concealed, int Scaled, int Decoded) Get10Ms()
    {
        var span = _queued + (20 * _packets.Count);
        var factor = _target <= 20 ? 251 / 256.0 : _target <= 60 ? 252 / 256.0 : _target <= 140 ? 253 / 256.0 : 254 / 256.0;
        _level = (factor * _level) + ((1 - factor) * span);
        _sinceScale++;
        var decoded = 0;
        if (_queued < 10 && _packets.Count > 0)
        {
            var first = _packets.Keys.First();
            var gap = (first - _next) * 20.0;

            // A packet further on waits until what was made up has covered the gap before it.
            if (gap > 0 && _expanded < gap)
                return Expand();
            Take(first);
            decoded++;
        }

        if (_queued < 10)
            return Expand() is var made ? (made.Concealed, made.Scaled, decoded) : default;
        _expanded = 0;
        var scaled = 0;
        var low = Math.Max(_target * 3 / 4, _target - 85);
        var high = Math.Max(_target, low + 20);
        if (_sinceScale >= 5 && _level >= high && span >= 30)
            (scaled, decoded) = (1, decoded + Scale(-PitchPeriod));
        else if (_sinceScale >= 5 && _level < low && span >= 30)
            (scaled, decoded) = (1, decoded + Scale(PitchPeriod));
        _queued -= 10;
        _position += 10;
        return (0, scaled, decoded);
    }

    private int Scale(double by)
    {
        var decoded = 0;
        for (; _queued < 30 && _packets.TryGetValue(_next, out _); decoded++)
            Take(_next);
        if (_queued + by < 10)
            return decoded;
        _queued += by;
        _position -= by;
        _level += by;
        _sinceScale = 0;
        return decoded;
    }

    private (double Concealed, int Scaled, int Decoded) Expand()
    {
        var made = 10 - _queued;
        _position += _queued;
        _queued = 0;
        _expanded += made;
        return (made, 0, 0);
    }

    private void Take(int number)
    {
        _packets.Remove(number);
        if (number > _next || !_started)
            _position = number * 20.0;
        _next = number + 1;
        _queued += 20;
    }
}

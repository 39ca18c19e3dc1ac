namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// How late packets come, relative to each other: shares in steps of 2.5 ms, with a memory of about 5 s (as NetEq of WebRTC does it).
/// </summary>
internal sealed class TransitHistogram
{
    private const double Step = 2.5; // ms
    private const int Buckets = 256;
    private const int Centre = 96;
    private const double Forget = 1 / 250.0;
    private const double Tail = 0.02;

    private readonly float[] _shares = new float[Buckets];
    private double _origin; // transit of the lower edge of the first bucket, ms
    private int _count;

    /// <summary>Transit that all but the latest 2 % of the packets stay below, in ms.</summary>
    public double High { get; private set; }

    /// <summary>Smoothed transit, in ms.</summary>
    public double Mean { get; private set; }

    public bool IsEmpty => _count == 0;

    public void Clear()
    {
        _shares.AsSpan().Clear();
        _count = 0;
    }

    /// <param name="transit">Arrival minus media time, in ms from any origin.</param>
    public void Add(double transit)
    {
        if (_count == 0)
        {
            _origin = transit - (Centre * Step);
            Mean = transit;
        }

        var bucket = Math.Floor((transit - _origin) / Step);
        if (bucket is < Buckets / 8 or >= Buckets) bucket = Shift(bucket);

        // The first packets weigh more, but never so much that one of them decides.
        var weight = (float)Math.Max(Forget, 1.0 / (_count + 50));
        if (_count == 0) weight = 1;
        for (var i = 0; i < Buckets; i++) _shares[i] *= 1 - weight;
        _shares[(int)bucket] += weight;
        if (_count < int.MaxValue) _count++;
        Mean += (transit - Mean) * Math.Max(1.0 / 32, 1.0 / _count);

        var rest = Tail;
        var high = Buckets - 1;
        while (high > 0 && (rest -= _shares[high]) > 0) high--;
        High = _origin + ((high + 1) * Step);
    }

    /// <summary>Moves the window so that the bucket is inside (clock drift walks out of any fixed one). Returns its new place.</summary>
    private double Shift(double bucket)
    {
        var by = bucket < Buckets / 8 ? bucket - Centre : bucket - (Buckets - 1);
        if (bucket >= Buckets)
        {
            // One very late packet must not push the normal ones out below.
            var first = 0;
            while (first < Buckets - 1 && _shares[first] < 0.001f) first++;
            by = Math.Min(by, first);
        }

        by = Math.Clamp(by, -Buckets, Buckets);
        var whole = (int)by;
        if (whole > 0)
        {
            _shares.AsSpan(whole).CopyTo(_shares);
            _shares.AsSpan(Buckets - whole).Clear();
        }
        else if (whole < 0)
        {
            _shares.AsSpan(0, Buckets + whole).CopyTo(_shares.AsSpan(-whole));
            _shares.AsSpan(0, -whole).Clear();
        }

        _origin += whole * Step;
        return Math.Clamp(bucket - whole, 0, Buckets - 1);
    }
}

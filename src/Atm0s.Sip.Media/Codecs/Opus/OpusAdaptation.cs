namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>
/// How an encoder follows what the receiver reports of the way (RFC 3550 §6.4.1). Losses are believed at once and forgotten slowly; nothing
/// goes above
/// the options that it is given.
/// </summary>
/// <param name="limits">The host's options within those of the receiver.</param>
internal sealed class OpusAdaptation(OpusEncoderOptions limits)
{
    private const double FecOn = 0.02;
    private const double FecOff = 0.01;
    private const double Congested = 0.10; // more is rarely chance: the way is full
    private const int LowestBitrate = 12_000; // wide-band speech with a copy of the frame before still is speech

    private static readonly TimeSpan QueueingDelay = TimeSpan.FromMilliseconds(200);

    private double _loss = limits.ExpectedLossPercent / 100.0;
    private double _bitrate = limits.Bitrate;
    private bool _fec = limits.UseInBandFec && limits.ExpectedLossPercent > 0;
    private TimeSpan _leastRoundTrip = TimeSpan.MaxValue;
    private int _calmReports;

    /// <summary>Takes a report.</summary>
    /// <param name="fractionLost">Share lost since the report before, 0 to 1.</param>
    /// <param name="roundTrip">Round trip, or null when it is not known.</param>
    /// <returns>How to encode from now on.</returns>
    public OpusTuning OnReport(double fractionLost, TimeSpan? roundTrip)
    {
        var lost = double.IsNaN(fractionLost) ? 0 : Math.Clamp(fractionLost, 0, 1);
        _loss = lost >= _loss ? lost : _loss - ((_loss - lost) / 4);
        _fec = limits.UseInBandFec && _loss >= (_fec ? FecOff : FecOn);
        FollowCongestion(lost, roundTrip);
        return new OpusTuning((int)_bitrate, Complexity, _fec, (int)Math.Round(_loss * 100));
    }

    // A copy of each frame is encoded a second time, which is paid with a step of effort that speech hardly hears.
    private int Complexity => _fec ? Math.Max(limits.Complexity - 1, 0) : limits.Complexity;

    private void FollowCongestion(double lost, TimeSpan? roundTrip)
    {
        var queues = false;
        if (roundTrip is { } time && time >= TimeSpan.Zero)
        {
            _leastRoundTrip = time < _leastRoundTrip ? time : _leastRoundTrip;
            queues = time - _leastRoundTrip > QueueingDelay && time > 2 * _leastRoundTrip;
        }

        if (lost > Congested || queues)
        {
            _calmReports = 0;
            _bitrate = Math.Max(_bitrate * 0.85, Math.Min(LowestBitrate, limits.Bitrate));
        }
        else if (lost >= FecOn)
        {
            _calmReports = 0;
        }
        else if (++_calmReports > 1)
        {
            _bitrate = Math.Min(_bitrate * 1.1, limits.Bitrate);
        }
    }
}

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// Tells bursts of loss from gaps with single losses (RFC 3611 §4.7.2). It counts by the definitions themselves; the estimate of appendix
/// A.2 is within a packet of that. One caller at a time; allocates nothing.
/// </summary>
public sealed class BurstGapMeter
{
    /// <summary>Gmin: this many packets received in a row end a burst.</summary>
    public const int GapThreshold = 16;

    private long _packets;
    private long _lost;
    private long _discarded;
    private long _runs;              // of losses without a packet received between them
    private long _received;          // since the last loss
    private long _clusterPackets;    // from the first to the last loss of what may be a burst
    private long _clusterLosses;
    private long _bursts;            // over, as are the next two
    private long _burstPackets;
    private long _burstLosses;
    private bool _startedWithBurst;

    /// <summary>Packets that were to come, duplicates not counted.</summary>
    public long Packets => _packets;

    /// <summary>
    /// Mean length of losses in a row, over that of as many random ones (ITU-T G.107 §7.4). Discarded packets count as losses. 1 when there
    /// were none; below 1 when they keep apart.
    /// </summary>
    public double BurstRatio
    {
        get
        {
            var losses = _lost + _discarded;
            return _runs == 0 || losses == _packets ? 1 : losses / (double)_runs * (1 - (losses / (double)_packets));
        }
    }

    /// <summary>Counts the next packet in the order of sequence numbers: it came and was played.</summary>
    public void Received()
    {
        _packets++;
        _received++;
    }

    /// <summary>Counts the next packet in the order of sequence numbers: it never came, or much too late.</summary>
    public void Lost()
    {
        _lost++;
        Missing();
    }

    /// <summary>Counts the next packet in the order of sequence numbers: it came, but not in time, or there was no room for it.</summary>
    public void Discarded()
    {
        _discarded++;
        Missing();
    }

    /// <summary>What is known so far. A burst under way counts as if it ended here.</summary>
    /// <param name="packetTime">Audio of a packet.</param>
    public BurstGapMetrics Measure(TimeSpan packetTime)
    {
        if (_packets == 0)
            return default;
        var isBurst = _clusterLosses > 1;
        var bursts = _bursts + (isBurst ? 1 : 0);
        var burstPackets = _burstPackets + (isBurst ? _clusterPackets : 0);
        var burstLosses = _burstLosses + (isBurst ? _clusterLosses : 0);
        var gapPackets = _packets - burstPackets;
        var gaps = 1L;
        if (bursts > 0)
        {
            // One before each burst, and one behind the last; the first and the last may be empty.
            var startsWithBurst = _startedWithBurst || (isBurst && _bursts == 0 && StartsHere());
            gaps = bursts + 1 - (startsWithBurst ? 1 : 0) - (isBurst && _received == 0 ? 1 : 0);
        }

        return new BurstGapMetrics(
            _lost / (double)_packets,
            _discarded / (double)_packets,
            Share(burstLosses, burstPackets),
            Share(_lost + _discarded - burstLosses, gapPackets),
            packetTime * Share(burstPackets, bursts),
            packetTime * Share(gapPackets, gaps));
    }

    private void Missing()
    {
        if (_received > 0 || _packets == 0)
            _runs++;
        // §4.7.2: the session is taken to be preceded by as many packets received as part two bursts.
        if (_received >= GapThreshold || _packets == _received)
        {
            EndCluster();
            (_clusterPackets, _clusterLosses) = (1, 1);
        }
        else
        {
            _clusterPackets += _received + 1;
            _clusterLosses++;
        }

        _packets++;
        _received = 0;
    }

    private void EndCluster()
    {
        if (_clusterLosses <= 1)
            return;
        if (_bursts == 0)
            _startedWithBurst = StartsHere();
        _bursts++;
        _burstPackets += _clusterPackets;
        _burstLosses += _clusterLosses;
    }

    /// <summary>Whether the cluster began with the first packet of all.</summary>
    private bool StartsHere() => _clusterPackets + _received == _packets;

    private static double Share(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}

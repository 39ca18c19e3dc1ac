namespace Atm0s.Sip.Media.Forwarding;

/// <summary>
/// Numbers the packets of several streams as one: the sequence goes on by one at each change, the timestamp never goes back, and within a
/// stream both keep the distances that the sender gave them, so that losses and pauses stay what they are. One caller at a time.
/// </summary>
/// <param name="sequence">Of the first packet.</param>
/// <param name="timestamp">Of the first packet.</param>
internal sealed class StreamNumbers(ushort sequence, uint timestamp)
{
    private const int MaxMisorder = 100;    // RFC 3550 §A.1
    private const int MaxDropout = 3000;

    private bool _isMapped;
    private ushort _firstNumber;
    private uint _firstTime;
    private ushort _lastSequence;   // as it came, the highest
    private uint _lastTimestamp;
    private long _distance;         // of it from the first one
    private long _elapsed;

    /// <summary>Number of the next packet that follows in order.</summary>
    public ushort Next { get; private set; } = sequence;

    /// <summary>Where the audio of the packets so far ends.</summary>
    public uint End { get; private set; } = timestamp;

    /// <summary>What comes next is of another stream, or encoded anew.</summary>
    /// <param name="at">Its time; later when the audio before ends later.</param>
    public void Begin(uint at)
    {
        _isMapped = false;
        End = Later(End, at);
    }

    /// <summary>Numbers a packet.</summary>
    /// <param name="sequence">As it came.</param>
    /// <param name="timestamp">As it came.</param>
    /// <param name="samples">Its length.</param>
    /// <param name="at">Where another line would begin, should this be one.</param>
    /// <param name="number">As it goes.</param>
    /// <param name="time">As it goes.</param>
    /// <returns>False when it can't go: it is of before the last change, or was there already.</returns>
    public bool TryMap(ushort sequence, uint timestamp, int samples, uint at, out ushort number, out uint time)
    {
        var ahead = (short)(sequence - _lastSequence);
        var later = (int)(timestamp - _lastTimestamp);
        if (_isMapped && !IsOfOneLine(ahead, later))
            Begin(at);
        if (!_isMapped)
            Start(sequence, timestamp);
        else if (ahead == 0)
            return Refuse(out number, out time);
        var (distance, elapsed) = (_distance + (short)(sequence - _lastSequence), _elapsed + (int)(timestamp - _lastTimestamp));
        if (distance < 0 || elapsed < 0)
            return Refuse(out number, out time);
        (number, time) = ((ushort)(_firstNumber + distance), (uint)(_firstTime + elapsed));
        if (distance < _distance)
            return true;
        (_distance, _elapsed, _lastSequence, _lastTimestamp) = (distance, elapsed, sequence, timestamp);
        Next = (ushort)(number + 1);
        End = time + (uint)samples;
        return true;
    }

    /// <summary>Which of two timestamps is the later one.</summary>
    public static uint Later(uint a, uint b) => (int)(b - a) > 0 ? b : a;

    // In a pause the numbers follow, and the time goes on for as long as the pause is. Neither goes back by more than packets overtake.
    private static bool IsOfOneLine(short ahead, int later) =>
        ahead > -MaxMisorder && ahead < MaxDropout && (ahead > 0 ? later > 0 : ahead == 0 || later < 0);

    private static bool Refuse(out ushort number, out uint time)
    {
        (number, time) = (0, 0);
        return false;
    }

    private void Start(ushort sequence, uint timestamp)
    {
        (_isMapped, _firstNumber, _firstTime) = (true, Next, End);
        (_lastSequence, _lastTimestamp, _distance, _elapsed) = (sequence, timestamp, 0, 0);
    }
}

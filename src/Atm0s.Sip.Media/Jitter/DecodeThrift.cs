namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Which packets are decoded of somebody who is not heard: a share of them, so that the decoder is warm and the loudness known, and all
/// where voice begins. Voice is told by the sender's levels (RFC 6464), else by the flag of SILK, else by the size of the packet. The
/// rest is silence of the same length. Pure but for what it remembers; one caller at a time.
/// </summary>
internal sealed class DecodeThrift
{
    /// <summary>One packet of so many is decoded.</summary>
    public const int Share = 4;

    /// <summary>Packets that are decoded from where voice begins: until the room has chosen.</summary>
    public const int Onset = 5;

    private const double Grows = 1.5;      // times the usual size, and some bytes more
    private const int GrowsBytes = 8;
    private const int FaintestLevel = 50;  // -dBov: below nobody speaks, whatever the sender's flag says

    private double _size;
    private bool _wasActive;
    private bool _hasLevels;
    private bool _hasFlags;     // some sender's V bit was set: it is in use
    private long _allUntil;     // number of the first packet that may be left out again
    private int _left;          // out, since the last one decoded
    private int _untold;

    /// <summary>Whether packets may be left out.</summary>
    public bool IsOn { get; set; }

    /// <summary>Whether packets come with levels.</summary>
    public bool HasLevels => _hasLevels;

    /// <summary>A packet has come with a level.</summary>
    /// <param name="sequence">Extended sequence number.</param>
    /// <param name="level">-dBov, 0 to 127.</param>
    /// <param name="voice">The sender's flag, which some never set.</param>
    public void OnLevel(long sequence, int level, bool voice)
    {
        _hasLevels = true;
        _hasFlags |= voice;
        OnActivity(sequence, level <= FaintestLevel && (voice || !_hasFlags));
    }

    /// <summary>There are no more levels: voice is told by the packets themselves again.</summary>
    public void ForgetLevels() => _hasLevels = _hasFlags = false;

    /// <summary>A packet is next: whether it is to be decoded.</summary>
    /// <param name="sequence">Extended sequence number.</param>
    /// <param name="bytes">Of its payload.</param>
    /// <param name="voice">The flag of its encoder; null when it has none.</param>
    public bool Decodes(long sequence, int bytes, bool? voice)
    {
        var grows = bytes > (_size * Grows) + GrowsBytes;
        _size += (bytes - _size) / 16;
        if (!_hasLevels)
            OnActivity(sequence, voice ?? grows);
        if (!IsOn || sequence < _allUntil || grows || _left >= Share - 1)
        {
            _left = 0;
            return true;
        }

        _left++;
        _untold++;
        return false;
    }

    /// <summary>Packets left out since this was asked last.</summary>
    public int TakeLeftOut()
    {
        var untold = _untold;
        _untold = 0;
        return untold;
    }

    private void OnActivity(long sequence, bool isActive)
    {
        if (isActive && !_wasActive)
            _allUntil = sequence + Onset;
        _wasActive = isActive;
    }
}

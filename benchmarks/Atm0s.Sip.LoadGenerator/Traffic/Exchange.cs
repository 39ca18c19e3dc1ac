using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Wire;

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>One thing that is going on: an OPTIONS, a registration, a call. Used again when it is over.</summary>
internal sealed class Exchange(uint slot)
{
    private readonly byte[] _toTag = new byte[256];
    private readonly byte[] _remoteTarget = new byte[512];
    private int _toTagLength;
    private int _remoteTargetLength;

    public uint Slot { get; } = slot;

    /// <summary>How often it was used.</summary>
    public uint Generation { get; set; }

    public Workload? Workload { get; set; }

    /// <summary>Where its result is counted.</summary>
    public Tally? Tally { get; set; }

    public Step Step { get; set; }

    /// <summary>The CSeq of the last request.</summary>
    public uint Sequence { get; set; }

    public int User { get; set; }

    public uint Source { get; set; }

    /// <summary>When it was due.</summary>
    public long Due { get; set; }

    /// <summary>When a call was answered.</summary>
    public long AnsweredAt { get; set; }

    /// <summary>When its timer fires; 0 is never.</summary>
    public long Deadline { get; set; }

    /// <summary>How often the last request was sent again.</summary>
    public int Repetitions { get; set; }

    /// <summary>The last request.</summary>
    public SipWriter Message { get; } = new(2048);

    /// <summary>Where a call hears.</summary>
    public AudioLeg? Leg { get; set; }

    public ReadOnlySpan<byte> ToTag
    {
        get => _toTag.AsSpan(0, _toTagLength);
        set
        {
            _toTagLength = Math.Min(value.Length, _toTag.Length);
            value[.._toTagLength].CopyTo(_toTag);
        }
    }

    /// <summary>The Contact of who answered.</summary>
    public ReadOnlySpan<byte> RemoteTarget
    {
        get => _remoteTarget.AsSpan(0, _remoteTargetLength);
        set
        {
            _remoteTargetLength = Math.Min(value.Length, _remoteTarget.Length);
            value[.._remoteTargetLength].CopyTo(_remoteTarget);
        }
    }
}

using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Forwarding;

/// <summary>
/// Binds the loudest of many speakers to a few slots, each of which is one stream: sequence numbers and timestamps go on when it becomes
/// another's. Who is heard is chosen as in a <see cref="MixRoom"/>: by smoothed energy, with an advantage for who is heard already. A slot
/// stays its speaker's through pauses, until another needs it. One caller at a time; allocates nothing but for new speakers.
/// </summary>
public sealed class SpeakerSlots
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private const int MaxTicks = 50;            // what is longer ago than a second is forgotten at once: it changes nothing more
    private const int MaxChanges = 64;
    private const double FullScale = 32768.0 * 32768.0;
    private const int VoiceOfUnknownLevel = 30; // -dBov

    private readonly List<SlotSpeaker> _speakers = new(16);
    private readonly Slot[] _slots;
    private readonly SpeakerSelector _selector = new();
    private readonly Queue<SlotChange> _changes;
    private TimeSpan _selected = TimeSpan.MinValue;

    /// <summary>Makes slots that are nobody's.</summary>
    /// <param name="count">1 to 16.</param>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public SpeakerSlots(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, SpeakerSelector.MaxSpeakers);
        _slots = new Slot[count];
        for (var i = 0; i < count; i++)
            _slots[i] = new Slot();
        _changes = new Queue<SlotChange>(MaxChanges);
    }

    /// <summary>Somebody comes.</summary>
    /// <param name="name">Its name; need not be unique here.</param>
    public SlotSpeaker Add(string name)
    {
        var speaker = new SlotSpeaker(name);
        _speakers.Add(speaker);
        return speaker;
    }

    /// <summary>Somebody goes. Nothing happens the second time.</summary>
    /// <param name="speaker">Who.</param>
    public void Remove(SlotSpeaker speaker)
    {
        ArgumentNullException.ThrowIfNull(speaker);
        speaker.IsGone = true;
        _speakers.Remove(speaker);
        if (speaker.Slot is { } slot)
            Bind(slot, null);
    }

    /// <summary>Somebody says something.</summary>
    /// <param name="speaker">Who.</param>
    /// <param name="frame">What.</param>
    /// <param name="now">Monotonic; here sound is told from silence, so it should be when the frame came.</param>
    /// <param name="slot">The slot in which it goes.</param>
    /// <param name="placed">The frame as it goes, with numbers of the slot.</param>
    /// <returns>False when it does not go. Then and else: changes may wait (<see cref="TryTakeChange"/>) that come before it.</returns>
    public bool TryPlace(SlotSpeaker speaker, in EncodedFrame frame, TimeSpan now, out int slot, out EncodedFrame placed)
    {
        ArgumentNullException.ThrowIfNull(speaker);
        slot = -1;
        placed = default;
        if (speaker.IsGone)
            return false;
        speaker.Follow(EnergyOf(frame), frame.Samples);
        Select(now);
        if (speaker.Slot is not { } own)
            return false;
        slot = own;
        var at = TimestampOf(now);
        if (!_slots[own].Numbers.TryMap(frame.SequenceNumber, frame.Timestamp, frame.Samples, at, out var number, out var time))
            return false;
        placed = new EncodedFrame
        {
            SequenceNumber = number,
            Timestamp = time,
            Samples = frame.Samples,
            Level = frame.Level,
            HasVoice = frame.HasVoice,
            Payload = frame.Payload,
        };
        return true;
    }

    /// <summary>Takes the next change, oldest first.</summary>
    /// <param name="change">The change.</param>
    /// <returns>False when there is none.</returns>
    public bool TryTakeChange(out SlotChange change) => _changes.TryDequeue(out change);

    /// <summary>Whose a slot is.</summary>
    /// <param name="slot">From 0.</param>
    public SlotSpeaker? SpeakerIn(int slot) => _slots[slot].Speaker;

    private static double EnergyOf(in EncodedFrame frame)
    {
        var level = frame.Level ?? (frame.HasVoice ? VoiceOfUnknownLevel : 127);
        return level >= 127 ? 0 : FullScale * Math.Pow(10, level / -10.0);
    }

    private static uint TimestampOf(TimeSpan now) => (uint)(now.Ticks * 6 / 1250); // 48,000 a second

    private void Select(TimeSpan now)
    {
        if (_selected == TimeSpan.MinValue)
            _selected = now - Tick;
        var ticks = (now - _selected) / Tick;
        if (ticks > MaxTicks)
            (_selected, ticks) = (now - (MaxTicks * Tick), MaxTicks);
        for (; ticks >= 1; ticks--)
        {
            _selected += Tick;
            foreach (var speaker in _speakers)
                speaker.Pass();
            _selector.SelectLoudest(_speakers, _slots.Length);
            Follow(now);
        }
    }

    private void Follow(TimeSpan now)
    {
        foreach (var speaker in _speakers)
        {
            if (!speaker.IsChosen || speaker.Slot is not null)
                continue;
            var slot = Array.FindIndex(_slots, static s => s.Speaker is null);
            if (slot < 0)
                slot = Array.FindIndex(_slots, static s => !s.Speaker!.IsChosen);
            // As many are chosen as there are slots: one is always found.
            Bind(slot, speaker);
            _slots[slot].Numbers.Begin(TimestampOf(now));
        }
    }

    private void Bind(int slot, SlotSpeaker? speaker)
    {
        var before = _slots[slot].Speaker;
        if (before is not null)
            before.Slot = null;
        if (speaker is not null)
            speaker.Slot = slot;
        _slots[slot].Speaker = speaker;
        if (_changes.Count == MaxChanges)
            Summarize();
        _changes.Enqueue(new SlotChange(slot, speaker, before));
    }

    // For a caller that takes them late, or never: what all of a slot's come to, so that the picture is right in the end.
    private void Summarize()
    {
        var changes = _changes.ToArray();
        _changes.Clear();
        for (var i = 0; i < changes.Length; i++)
        {
            var slot = changes[i].Slot;
            if (Array.FindIndex(changes, i + 1, later => later.Slot == slot) >= 0)
                continue;
            var first = Array.Find(changes, change => change.Slot == slot);
            if (first.Before != changes[i].Speaker)
                _changes.Enqueue(new SlotChange(slot, changes[i].Speaker, first.Before));
        }
    }

    private sealed class Slot
    {
        public StreamNumbers Numbers { get; } = new(0, 0);

        public SlotSpeaker? Speaker { get; set; }
    }
}

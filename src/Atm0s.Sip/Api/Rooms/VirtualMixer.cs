using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Forwarding;

namespace Atm0s.Sip;

/// <summary>
/// Virtual mixing: the speakers of a room, however many they are, appear as a few output slots, each one stream of Opus packets. The loudest
/// are bound to the slots, with an advantage for who is heard already; a slot stays its speaker's through pauses, until another needs it.
/// Nothing is decoded. For hosts that send a few streams to each listener, and not a mix. All members may be used from any thread.
/// </summary>
public sealed class VirtualMixer
{
    private readonly Lock _lock = new();
    private readonly IVirtualMixerListener _listener;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly SpeakerSlots _slots;

    /// <summary>Makes the mixer of one room.</summary>
    /// <param name="listener">Gets what goes out.</param>
    /// <param name="slots">Output slots, 1 to 16; default 3.</param>
    /// <param name="time">The clock; default that of the system.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to 16 slots.</exception>
    public VirtualMixer(IVirtualMixerListener listener, int slots = 3, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(listener);
        _listener = listener;
        _time = time ?? TimeProvider.System;
        _start = _time.GetTimestamp();
        _slots = new SpeakerSlots(slots);
        Slots = slots;
    }

    /// <summary>Output slots.</summary>
    public int Slots { get; }

    /// <summary>Adds somebody who speaks.</summary>
    /// <param name="name">Its name, by which the listener knows it.</param>
    public VirtualSpeaker AddSpeaker(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock)
            return new VirtualSpeaker(this, _slots.Add(name));
    }

    /// <summary>Who is in each slot, from 0; null where nobody is.</summary>
    public IReadOnlyList<string?> GetSpeakers()
    {
        lock (_lock)
            return [.. Enumerable.Range(0, Slots).Select(slot => _slots.SpeakerIn(slot)?.Name)];
    }

    internal bool Push(SlotSpeaker speaker, in OpusFrame frame)
    {
        if (!EncodedFrame.TryDescribe(frame.SequenceNumber, frame.Timestamp, frame.Payload, frame.Level, out var described))
            return false;
        lock (_lock)
        {
            var isPlaced = _slots.TryPlace(speaker, described, _time.GetElapsedTime(_start), out var slot, out var placed);
            TellChanges();
            if (isPlaced)
                Tell(slot, speaker.Name, placed);
            return isPlaced;
        }
    }

    internal void Remove(SlotSpeaker speaker)
    {
        lock (_lock)
        {
            _slots.Remove(speaker);
            TellChanges();
        }
    }

    private void Tell(int slot, string speaker, in EncodedFrame frame) => _listener.OnFrame(
        slot,
        speaker,
        new OpusFrame
        {
            SequenceNumber = frame.SequenceNumber,
            Timestamp = frame.Timestamp,
            Samples = frame.Samples,
            Level = frame.Level,
            HasVoice = frame.HasVoice,
            Payload = frame.Payload,
        });

    private void TellChanges()
    {
        while (_slots.TryTakeChange(out var change))
            _listener.OnSlotChanged(change.Slot, change.Speaker?.Name, change.Before?.Name);
    }
}

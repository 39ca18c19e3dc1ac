using Atm0s.Sip.Media.Clock;

namespace Atm0s.Sip.Media.Forwarding;

/// <summary>
/// Somebody who speaks to a leg in Opus packets. They are put in order, and played as those of a phone are: what is lost is concealed, what
/// is too much is left out. Any thread.
/// </summary>
public sealed class OpusSource
{
    private readonly Lock _writing = new();
    private readonly SourceMember _member;
    private readonly MediaClock _clock;

    internal OpusSource(SourceMember member, MediaClock clock)
    {
        _member = member;
        _clock = clock;
    }

    /// <summary>Frames that were lost because more came than fit between two ticks, or than a voice has.</summary>
    public long Lost => _member.Inlet.Lost;

    /// <summary>Says something.</summary>
    /// <param name="frame">Copied. Its length is that of the packet, whatever it says.</param>
    /// <returns>False when it is no Opus packet, or the source was removed.</returns>
    public bool Push(in EncodedFrame frame)
    {
        if (_member.IsFinished
            || !EncodedFrame.TryDescribe(frame.SequenceNumber, frame.Timestamp, frame.Payload, frame.Level, out var described))
            return false;
        lock (_writing)
            return _member.Inlet.Write(described, _clock.Now);
    }

    /// <summary>Takes it out of the room: what it says fades out. Nothing happens the second time.</summary>
    public void Remove() => _member.End();
}

namespace Atm0s.Sip;

/// <summary>Why a recording has ended.</summary>
public enum RecordingEnd
{
    /// <summary>The host stopped it.</summary>
    Stopped,

    /// <summary>The call, or the room, has ended.</summary>
    Ended,

    /// <summary><see cref="RecordingOptions.MaxDuration"/> has passed, or a WAV file is full.</summary>
    MaxLength,

    /// <summary>The disk is full. What was written by then is in the file; the call goes on.</summary>
    DiskFull,

    /// <summary>The file can't be written any more, for another reason. The call goes on.</summary>
    Failed,
}

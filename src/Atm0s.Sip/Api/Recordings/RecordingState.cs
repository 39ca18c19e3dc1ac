namespace Atm0s.Sip;

/// <summary>What a recording does now.</summary>
public enum RecordingState
{
    /// <summary>It records.</summary>
    Recording,

    /// <summary>It is interrupted (<see cref="Recording.Pause"/>): nothing of that time will be in the file.</summary>
    Paused,

    /// <summary>It is over, and its file is closed.</summary>
    Ended,
}

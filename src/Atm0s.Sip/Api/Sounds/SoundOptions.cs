namespace Atm0s.Sip;

/// <summary>What rooms play by themselves. Nothing by default.</summary>
public sealed class SoundOptions
{
    /// <summary>
    /// Whether a room with less than two connected members rings (425 Hz, one second in five) while somebody is being called into it, or
    /// waits in it: heard by those who are connected, and by a caller with early media. Default false.
    /// </summary>
    public bool Ringback { get; set; }

    /// <summary>Whether two rising notes tell a room that somebody has come. Default false.</summary>
    public bool JoinTone { get; set; }

    /// <summary>Whether two falling notes tell a room that somebody has gone. Default false.</summary>
    public bool LeaveTone { get; set; }

    /// <summary>What is played to who is alone; null for nothing.</summary>
    internal AudioClip? AloneClip { get; private set; }

    internal bool IsSilent => AloneClip is null && !Ringback && !JoinTone && !LeaveTone;

    /// <summary>Plays music, round and round, to who is alone in a room.</summary>
    /// <param name="music">What; null, as at first, for nothing.</param>
    public void PlayWhenAlone(AudioClip? music) => AloneClip = music;
}

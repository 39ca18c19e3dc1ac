namespace Atm0s.Sip.Control;

/// <summary>
/// Settings of the control API. A value that cannot work stops the start with a sentence that says what to write instead.
/// </summary>
public sealed class SipControlOptions
{
    /// <summary>Keys of those who may command, each of 16 characters or more, sent as <c>Authorization: Bearer KEY</c> or <c>X-Api-Key:
    /// KEY</c>. Several, so that one can be replaced while
    /// the other still works.</summary>
    public IList<string> ApiKeys { get; } = [];

    /// <summary>
    /// Whether anybody who reaches the port may command, as with the original server. Default false. Only behind something else that keeps
    /// others out.
    /// </summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>
    /// Names, without port, under which this server may be reached when it wants no key (<see cref="AllowAnonymous"/>); IP addresses and
    /// <c>localhost</c> always do. Empty by default. Another name in the Host header is refused: a web page could have made it lead here.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Silence on an event stream after which a comment is sent, so that nobody on the way takes it for dead. 1 s to 5 minutes, default 15
    /// s.
    /// </summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Event streams that may be open at one time, WebSockets included, 1 to 10,000, default 100. One more is told 503 and may try again.
    /// </summary>
    public int MaxWatchers { get; set; } = 100;

    /// <summary>Folder of the files that may be played (WAV, Ogg Opus). Null (default): none may.</summary>
    public string? SoundFolder { get; set; }

    /// <summary>Folder that recordings are written to. Null (default): nothing may be recorded.</summary>
    public string? RecordingFolder { get; set; }
}

namespace Atm0s.Sip.Dashboard;

/// <summary>
/// Settings of the dashboard. A value that cannot work stops the start with a sentence that says what to write instead. Who may look and
/// command is set with the control API (<see cref="Control.SipControlOptions"/>).
/// </summary>
public sealed class SipDashboardOptions
{
    /// <summary>Heading of the page, 1 to 60 characters. Default <c>SIP server</c>.</summary>
    public string Title { get; set; } = "SIP server";

    /// <summary>Time from one update of the page to the next: 250 ms to 1 s, default 400 ms. All who look share one.</summary>
    public TimeSpan UpdateInterval { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Pages that may look at one time, 1 to 1,000, default 32. One more is told 503 and tries again later.</summary>
    public int MaxWatchers { get; set; } = 32;

    /// <summary>
    /// Rows of a table that are sent to the page, 10 to 10,000, default 2,000; the same for calls, rooms, phones and ended calls. The page
    /// says how many there are beyond.
    /// </summary>
    public int MaxRows { get; set; } = 2_000;

    /// <summary>Whether the page may command: hang up, mute, move, send digits, call. Default true; false lets it look only.</summary>
    public bool AllowCommands { get; set; } = true;
}

namespace Atm0s.Sip;

/// <summary>
/// What is kept of calls for who asks later what happened to one (<see cref="ISipServer.FindEndedCalls"/>,
/// <see cref="ISipServer.TryGetReport"/>): by count, by age, and by bytes.
/// </summary>
public sealed class CallRecordOptions
{
    /// <summary>Calls that ended well and are kept, 0 to 1,000,000; default 1,000. Zero keeps none.</summary>
    public int MaxEndedCalls { get; set; } = 1_000;

    /// <summary>For how long they are kept. 1 s to 30 days, default 1 hour.</summary>
    public TimeSpan EndedCallAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Calls that failed (<see cref="CallReport.HasFailed"/>) and are kept, 0 to 1,000,000; default 1,000. Zero keeps none.
    /// </summary>
    public int MaxFailedCalls { get; set; } = 1_000;

    /// <summary>For how long they are kept, and those that were refused. 1 s to 30 days, default 24 hours.</summary>
    public TimeSpan FailedCallAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Calls of strangers that are kept, 0 to 100,000; default 200: what was refused for a wrong password, an address that may not call or
    /// a limit that was met, and all calls of which nobody vouches for the caller. Of INVITEs that were refused before they became a call ten a
    /// second are kept. They have a place of their own, so that a stranger pushes out nothing else. Zero keeps none.
    /// </summary>
    public int MaxRefusedCalls { get; set; } = 200;

    /// <summary>
    /// Memory for all of it, bytes. 256 KiB to 16 GiB, default 64 MiB: half of it for the messages of calls that go on, a quarter for calls
    /// that failed, an eighth each for those that ended well and those that were refused. Taken as it is needed, and used again. The oldest
    /// give way.
    /// </summary>
    public long MaxRecordBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Memory for the SIP messages of one call, bytes. 0 to 1 MiB, default 16 KiB: its first half is for how the call began, the other for
    /// how it ended. Zero writes no messages down unless that is asked for (<see cref="ISipCall.TraceWireAsync"/>,
    /// <see cref="CallOptions.WireTrace"/>). A message costs its copying; secrets in it are masked when it is read.
    /// </summary>
    public int MaxMessageBytes { get; set; } = 16 * 1024;

    /// <summary>How often quality and levels of each call are written down. 1 s to 10 minutes, default 5 s.</summary>
    public TimeSpan SampleInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many such samples a call has, 0 to 10,000; default 120, of 24 bytes each. When there are more, two become one: a longer call has
    /// them further apart. Zero takes none.
    /// </summary>
    public int MaxSamples { get; set; } = 120;
}

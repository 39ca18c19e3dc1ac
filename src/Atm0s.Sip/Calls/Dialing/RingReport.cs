namespace Atm0s.Sip.Calls.Dialing;

/// <summary>What one target of a <see cref="RingGroup{T}"/> has said.</summary>
/// <param name="Kind">What.</param>
/// <param name="Status">Status code of a failure; without a response that which stands for it (RFC 3261 §8.1.3.1).</param>
internal readonly record struct RingReport(RingReportKind Kind, int Status = 0)
{
    // Within 4xx, what tells a caller most comes first: that somebody is busy, that nobody took it, that somebody can't be reached; the
    // troubles of the phone after that, and last our own CANCEL.
    private static readonly int[] _telling = [486, 480, 408, 403, 410, 404];
    private static readonly int[] _ours = [401, 407, 487];

    public static RingReport Ringing { get; } = new(RingReportKind.Ringing);

    public static RingReport Answered { get; } = new(RingReportKind.Answered, 200);

    public static RingReport Failed(int status) => new(RingReportKind.Failed, status);

    public static RingReport Gone(int status) => new(RingReportKind.Gone, status);

    /// <summary>Whether nothing comes after it for this target.</summary>
    public bool IsFinal => Kind != RingReportKind.Ringing;

    /// <summary>Whether the user takes the call nowhere (RFC 3261 §21.6).</summary>
    public bool EndsAll => Kind == RingReportKind.Failed && Status >= 600;

    /// <summary>
    /// Place among the failures of one call, the best with the lowest number: a 6xx, else the lowest class (RFC 3261 §16.7 step 6). Who has
    /// said nothing comes after all who did in its class.
    /// </summary>
    public int Rank
    {
        get
        {
            if (Status >= 600)
                return Status - 600;
            return (Status / 100 * 1000) + (Kind == RingReportKind.Gone ? 900 : Within(Status));
        }
    }

    private static int Within(int status)
    {
        var told = Array.IndexOf(_telling, status);
        if (told >= 0)
            return told;
        // RFC 3261 §16.7 step 6: 503 is of the one server that sent it.
        return Array.IndexOf(_ours, status) >= 0 || status == 503 ? 800 + (status % 100) : 100 + (status % 100);
    }
}

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>
/// Rings the targets of one call, group after group, all of a group at once, until one answers (RFC 3261 §16.6, §16.7). A pure rule:
/// reports go in, steps come out. Planned -> Ringing -> Over.
/// </summary>
/// <typeparam name="T">A target; each is another.</typeparam>
/// <param name="groups">The plan, first group first.</param>
/// <param name="isOfOneUser">Whether they are phones of one user: then one that declines for him ends it all.</param>
internal sealed class RingGroup<T>(IEnumerable<IReadOnlyList<T>> groups, bool isOfOneUser = true)
    where T : notnull
{
    private static readonly RingStep<T>.Wait _wait = new();

    private readonly LinkedList<IReadOnlyList<T>> _waiting = new(groups.Where(g => g.Count > 0));
    private readonly List<T> _ringing = [];
    private (T Target, RingReport Report)? _best;
    private bool _isOver;

    /// <summary>Whether there are targets that have not been rung yet.</summary>
    public bool HasMore => _waiting.Count > 0;

    /// <summary>Begins.</summary>
    public RingStep<T> Begin() => Next([]);

    /// <summary>A target has said something. What comes from one that is not rung any more is nothing.</summary>
    public RingStep<T> OnReport(T target, RingReport report)
    {
        if (_isOver || !report.IsFinal || !_ringing.Remove(target))
            return _wait;
        if (report.Kind == RingReportKind.Answered)
        {
            _isOver = true;
            return new RingStep<T>.Answer(target, TakeRinging());
        }

        if (_best is not { } best || report.Rank < best.Report.Rank)
            _best = (target, report);
        // RFC 3261 §16.7 step 5: after a 6xx nobody else is rung, and who rings is cancelled.
        if (report.EndsAll && isOfOneUser)
            return Fail();
        return _ringing.Count > 0 ? _wait : Next([]);
    }

    /// <summary>
    /// A target wants others to be rung instead (RFC 3261 §8.1.3.4, §16.5): the first group of them joins those that ring, the others are
    /// next.
    /// </summary>
    public RingStep<T> OnRedirected(T target, IReadOnlyList<IReadOnlyList<T>> instead)
    {
        if (_isOver || !_ringing.Remove(target))
            return _wait;
        for (var i = instead.Count - 1; i > 0; i--)
            _waiting.AddFirst(instead[i]);
        _ringing.AddRange(instead[0]);
        return new RingStep<T>.Ring(instead[0], []);
    }

    /// <summary>The group that rings has had its time: on to the next, where there is one.</summary>
    public RingStep<T> OnGroupTimeout() => _isOver || !HasMore ? _wait : Next(TakeRinging());

    /// <summary>The call has rung for long enough.</summary>
    public RingStep<T> OnTimeout() => _isOver ? _wait : Fail();

    private RingStep<T> Next(IReadOnlyList<T> cancelled)
    {
        if (_waiting.First is not { } first)
            return Fail();
        _waiting.RemoveFirst();
        _ringing.AddRange(first.Value);
        return new RingStep<T>.Ring(first.Value, cancelled);
    }

    private RingStep<T>.Fail Fail()
    {
        _isOver = true;
        // Who still rings would be a 408: nobody has taken it there in time.
        var isBest = _best is { } best && (_ringing.Count == 0 || best.Report.Rank < RingReport.Failed(408).Rank);
        return new RingStep<T>.Fail(isBest ? _best!.Value.Target : default, isBest, TakeRinging());
    }

    private List<T> TakeRinging()
    {
        var ringing = _ringing.ToList();
        _ringing.Clear();
        return ringing;
    }
}

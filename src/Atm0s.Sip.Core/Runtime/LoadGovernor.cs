namespace Atm0s.Sip.Core.Runtime;

/// <summary>
/// How much new work a shard takes (RFC 7339 §4, RFC 6357): while messages wait too long for a second and more, each tenth of a second half
/// of what it took so far; when they wait no longer, a tenth more each tenth of a second. A burst is no overload: it is worked off. What
/// belongs to a dialog or a transaction is never asked for. On the shard only.
/// </summary>
/// <param name="maxWait">How long messages may wait; zero for no limit.</param>
internal sealed class LoadGovernor(TimeSpan maxWait)
{
    /// <summary>Messages that must be waiting behind one that has waited too long: else the machine was busy, and not we.</summary>
    public const int MinBacklog = 64;

    private const double MinShare = 0.01;
    private const double MinShareOfKnown = 0.5;
    private const double Recovery = 0.1;

    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private double _share = 1;
    private double _credit;
    private double _creditOfKnown;
    private TimeSpan? _lateSince;
    private TimeSpan _changedAt;

    /// <summary>Whether something is refused.</summary>
    public bool IsOverloaded => _share < 1;

    /// <summary>
    /// Whether something is refused, for who looks from outside: where nothing comes any more, nothing recovers by itself. Any thread.
    /// </summary>
    /// <param name="now">The present time.</param>
    public bool IsOverloadedAt(TimeSpan now) => Volatile.Read(ref _share) + Recovered(now) < 1;

    /// <summary>A message is taken out of the queue.</summary>
    /// <param name="now">The present time.</param>
    /// <param name="waited">How long it was there.</param>
    /// <param name="behind">Messages that wait behind it.</param>
    /// <returns>Whether the overload has just begun.</returns>
    public bool OnTaken(TimeSpan now, TimeSpan waited, int behind)
    {
        if (maxWait == TimeSpan.Zero)
            return false;
        if (waited <= maxWait || behind < MinBacklog)
        {
            _lateSince = null;
            Recover(now);
            return false;
        }

        _lateSince ??= now;
        if (IsOverloaded ? now - _changedAt < Interval : now - _lateSince < Burst)
            return false;
        var isNews = !IsOverloaded;
        _share = Math.Max(MinShare, _share / 2);
        _changedAt = now;
        return isNews;
    }

    /// <summary>Whether one more new request is taken.</summary>
    /// <param name="isOfKnown">Whether its source is known: strangers may be what the overload is made of, so half of its requests are
    /// taken whatever comes.</param>
    public bool Admits(bool isOfKnown = false)
    {
        if (!IsOverloaded)
            return true;
        return isOfKnown ? Take(ref _creditOfKnown, Math.Max(MinShareOfKnown, _share)) : Take(ref _credit, _share);
    }

    private static bool Take(ref double credit, double share)
    {
        credit += share;
        if (credit < 1)
            return false;
        credit -= 1;
        return true;
    }

    private void Recover(TimeSpan now)
    {
        if (!IsOverloaded || now - _changedAt < Interval)
            return;
        _share = Math.Min(1, _share + Recovered(now));
        _changedAt = now;
    }

    private double Recovered(TimeSpan now) => Recovery * Math.Floor(Math.Max(0, (now - _changedAt) / Interval));
}

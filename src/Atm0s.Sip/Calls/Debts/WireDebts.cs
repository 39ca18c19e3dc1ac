namespace Atm0s.Sip.Calls.Debts;

/// <summary>
/// What a call owes the wire: a final response, the repetition of a 2xx, the CANCEL of an INVITE, the BYE of a dialog, the last NOTIFY.
/// However the call ends, all of it is settled, once. On the call's shard only.
/// </summary>
/// <param name="onSettled">Told when the call has ended and nothing is owed any more. Once.</param>
/// <param name="onFailed">Told of what a debt throws; the others are settled all the same.</param>
internal sealed class WireDebts(Action onSettled, Action<Exception> onFailed)
{
    private readonly List<WireDebt> _debts = [];
    private CallEnd? _end;
    private bool _isSettled;

    /// <summary>Whether nothing is owed.</summary>
    public bool IsEmpty => _debts.Count == 0;

    /// <summary>How many debts of a kind there are.</summary>
    public int CountOf<T>()
        where T : WireDebt => _debts.Count(debt => debt is T);

    /// <summary>
    /// Writes a debt down; after the end of the call it is settled at once.
    /// </summary>
    /// <param name="debt">The debt.</param>
    /// <param name="reason">Why it is to be settled at once in any case, whatever becomes or became of the call; null when it is
    /// not.</param>
    public void Add(WireDebt debt, CallEnd? reason = null)
    {
        debt.Owner = this;
        _debts.Add(debt);
        if ((reason ?? _end) is { } why)
            Settle(debt, why);
    }

    /// <summary>Another debt takes the place of one.</summary>
    public void Replace(WireDebt old, WireDebt by)
    {
        Add(by);
        Drop(old);
    }

    /// <summary>A debt is settled. Nothing happens when it is not written down here.</summary>
    public void Drop(WireDebt debt)
    {
        if (!_debts.Remove(debt))
            return;
        debt.Owner = null;
        TellIfSettled();
    }

    /// <summary>The call has ended: everything is settled.</summary>
    public void Settle(CallEnd why)
    {
        if (_end is not null)
            return;
        _end = why;
        foreach (var debt in _debts.ToArray())
            Settle(debt, why);
        TellIfSettled();
    }

    /// <summary>Nothing can be sent any more: what is owed is forgotten.</summary>
    public void Abandon()
    {
        foreach (var debt in _debts.ToArray())
            Forget(debt);
    }

    private void Settle(WireDebt debt, CallEnd why)
    {
        try
        {
            debt.Settle(why);
        }
#pragma warning disable CA1031 // One debt that can't be settled must not keep the others from it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            onFailed(exception);
            Forget(debt);
        }
    }

    private void Forget(WireDebt debt)
    {
        try
        {
            debt.Abandon();
        }
#pragma warning disable CA1031 // One debt that can't be given up must not keep the others from it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            onFailed(exception);
        }

        Drop(debt);
    }

    private void TellIfSettled()
    {
        if (_end is null || _debts.Count > 0 || _isSettled)
            return;
        _isSettled = true;
        onSettled();
    }
}

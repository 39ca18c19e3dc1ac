namespace Atm0s.Sip.Calls.Debts;

/// <summary>One thing that a call owes the other side. On the call's shard only.</summary>
internal abstract class WireDebt
{
    /// <summary>Where it is written down; null when it is settled.</summary>
    internal WireDebts? Owner { get; set; }

    /// <summary>
    /// The call has ended: begins to settle it, once. <see cref="Done"/> follows, at once or when the other side has answered.
    /// </summary>
    /// <param name="why">Why the call ended.</param>
    public abstract void Settle(CallEnd why);

    /// <summary>Nothing is owed any more, also when nothing can be sent any more.</summary>
    public virtual void Abandon()
    {
    }

    /// <summary>It is settled.</summary>
    protected void Done() => Owner?.Drop(this);
}

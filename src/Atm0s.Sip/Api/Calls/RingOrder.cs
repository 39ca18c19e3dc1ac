namespace Atm0s.Sip;

/// <summary>In which order the phones of a user ring.</summary>
public enum RingOrder
{
    /// <summary>All at once; the first that answers has the call. The default.</summary>
    AllAtOnce,

    /// <summary>
    /// By the <c>q</c> value they have registered with, the highest first, those of one value at once (RFC 3261 §10.2.1.2, §16.6). The
    /// next ring when all before them have refused, or after <see cref="OutgoingCallOptions.RingTimePerGroup"/>.
    /// </summary>
    ByPriority,
}

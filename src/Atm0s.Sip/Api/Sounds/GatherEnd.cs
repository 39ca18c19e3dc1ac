namespace Atm0s.Sip;

/// <summary>What became of asking for digits.</summary>
public enum GatherEnd
{
    /// <summary>Enough digits came.</summary>
    Done,

    /// <summary>In all tries too few came.</summary>
    TooFew,

    /// <summary>The host gave up.</summary>
    Cancelled,

    /// <summary>The call ended.</summary>
    Ended,

    /// <summary>The call is not answered, or digits are being asked for already.</summary>
    NotPossible,
}

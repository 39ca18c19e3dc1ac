namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>What a flood is made of. None of it has credentials.</summary>
internal enum FloodKind
{
    /// <summary>OPTIONS.</summary>
    Options,

    /// <summary>REGISTER of a user that nobody knows.</summary>
    Register,

    /// <summary>INVITE with an offer; no answer to it is ever acknowledged.</summary>
    Invite,

    /// <summary>OPTIONS with the User-Agent of a scanner.</summary>
    Scanner,
}

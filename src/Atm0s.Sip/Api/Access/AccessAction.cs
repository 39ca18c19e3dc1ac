namespace Atm0s.Sip;

/// <summary>What an IP rule does with the requests that come from its network.</summary>
public enum AccessAction
{
    /// <summary>REGISTER and INVITE are challenged as the authentication settings say. The rule for everybody that no rule names.</summary>
    Challenge,

    /// <summary>REGISTER and INVITE need no password: their user is believed because of where they come from. Over UDP the sender of a
    /// packet can lie about its address:
    /// trust only networks whose border drops such packets.</summary>
    Trust,

    /// <summary>REGISTER and INVITE are answered 403, whatever credentials they have.</summary>
    Refuse,
}

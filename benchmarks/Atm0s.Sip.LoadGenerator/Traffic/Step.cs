namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>Where an exchange is.</summary>
internal enum Step
{
    /// <summary>Not in use.</summary>
    Free,

    /// <summary>The request is out.</summary>
    Asked,

    /// <summary>The request with the answer to a challenge is out.</summary>
    Authenticated,

    /// <summary>A call that is up.</summary>
    Up,

    /// <summary>The BYE is out.</summary>
    Ending,
}

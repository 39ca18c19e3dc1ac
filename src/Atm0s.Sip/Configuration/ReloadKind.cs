namespace Atm0s.Sip.Configuration;

/// <summary>What a running server does about a setting that has changed.</summary>
internal enum ReloadKind
{
    /// <summary>It says that it takes the new value when it is started anew.</summary>
    AtRestart,

    /// <summary>It takes the new value.</summary>
    Live,

    /// <summary>Parts of the server compare it themselves.</summary>
    Elsewhere,
}

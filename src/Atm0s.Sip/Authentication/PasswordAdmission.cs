namespace Atm0s.Sip.Authentication;

/// <summary>Whether a password is looked at, and as whose.</summary>
internal enum PasswordAdmission : byte
{
    /// <summary>Its user has shown it there before.</summary>
    Known,

    /// <summary>Of somebody who has not.</summary>
    Stranger,

    /// <summary>Not now: its source has had too many wrong ones.</summary>
    SourceSlowed,

    /// <summary>Not now: its user has had too many wrong ones.</summary>
    UserLocked,
}

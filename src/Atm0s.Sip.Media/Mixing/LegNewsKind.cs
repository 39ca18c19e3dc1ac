namespace Atm0s.Sip.Media.Mixing;

/// <summary>What a leg tells its observer.</summary>
internal enum LegNewsKind
{
    /// <summary><see cref="IRtpLegObserver.OnLatched"/>.</summary>
    Latched,

    /// <summary><see cref="IRtpLegObserver.OnMediaTimeout"/>.</summary>
    TimedOut,

    /// <summary><see cref="IRtpLegObserver.OnDtmf"/>.</summary>
    Key,

    /// <summary><see cref="IRtpLegObserver.OnTalking"/>.</summary>
    Talking,

    /// <summary><see cref="IRtpLegObserver.OnTalking"/>, the other way.</summary>
    Silent,

    /// <summary><see cref="IRtpLegObserver.OnFailed"/>.</summary>
    Failed,

    /// <summary><see cref="IRtpLegObserver.OnMediaFailed"/>.</summary>
    MediaFailed,
}

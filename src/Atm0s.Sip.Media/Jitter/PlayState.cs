namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Fresh to Playing at the first packet; Playing to Paused after a second without any; Paused to Playing at the next; any to Fresh.
/// </summary>
internal enum PlayState : byte
{
    /// <summary>Nothing is known of the stream.</summary>
    Fresh,

    /// <summary>The time line is fixed.</summary>
    Playing,

    /// <summary>Nothing comes; how late packets come is known from before.</summary>
    Paused,
}

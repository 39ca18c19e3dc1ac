namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Fresh or Paused to Playing at a packet, Playing to Paused after a second without any, any to Fresh with another source.
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

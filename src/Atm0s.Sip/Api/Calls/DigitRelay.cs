namespace Atm0s.Sip;

/// <summary>Whether the keys that a phone presses go on to the others in its room.</summary>
public enum DigitRelay
{
    /// <summary>When exactly two calls are connected in the room: so a menu behind a trunk can be used.</summary>
    WhenTwo,

    /// <summary>To all others.</summary>
    Always,

    /// <summary>Never; the host is told of them all the same.</summary>
    Never,
}

using Atm0s.Sip.Core.Messages.Fields;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What we want of session timers (RFC 4028). Immutable, shared.</summary>
internal sealed record SessionTimerOptions
{
    /// <summary>The defaults.</summary>
    public static SessionTimerOptions Default { get; } = new();

    /// <summary>Whether we ask for a timer ourselves. One that the peer or a proxy asks for is always granted. Default true.</summary>
    public bool IsWanted { get; init; } = true;

    /// <summary>The session interval we ask for, seconds; not below <see cref="MinInterval"/>. Default 1800 (RFC 4028 §4).</summary>
    public uint Interval { get; init; } = 1800;

    /// <summary>The smallest session interval we grant, seconds; 90 or more (RFC 4028 §5). Default 90.</summary>
    public uint MinInterval { get; init; } = MinSe.Minimum;

    /// <summary>Who should refresh. Default <see cref="RefresherPreference.Open"/>.</summary>
    public RefresherPreference Refresher { get; init; }

    /// <summary>Checks the values against each other; called once at start-up.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (MinInterval is < MinSe.Minimum or > 86_400)
            throw new ArgumentException($"{nameof(MinInterval)} must lie between {MinSe.Minimum} and 86400 s, but is {MinInterval}.");
        if (Interval < MinInterval || Interval > 86_400)
            throw new ArgumentException($"{nameof(Interval)} must lie between {nameof(MinInterval)} and 86400 s, but is {Interval}.");
    }
}

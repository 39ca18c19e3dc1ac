using System.Buffers;

namespace Atm0s.Sip;

/// <summary>How a clip is played.</summary>
public sealed record PlayOptions
{
    private static readonly SearchValues<char> _keys = SearchValues.Create("0123456789*#ABCD");

    /// <summary>Whether it begins again at its end, until it is stopped. Default false.</summary>
    public bool Loop { get; init; }

    /// <summary>How much louder: -40 to +20 dB, default 0.</summary>
    public double Gain
    {
        get;
        init
        {
            if (value is not (>= -40 and <= 20))
                throw new ArgumentOutOfRangeException(nameof(value), value, "The gain is from -40 to +20 dB.");
            field = value;
        }
    }

    /// <summary>Whether it is 12 dB softer while somebody talks: one whom who hears it hears too, or he himself. Default false.</summary>
    public bool Duck { get; init; }

    /// <summary>
    /// To a call alone: whether the phone hears its room too, and is heard there. Default false: while it plays, phone and room do not
    /// hear each other.
    /// </summary>
    public bool OverRoom { get; init; }

    /// <summary>To a call alone: the keys that end it, of <c>0123456789*#ABCD</c>; empty (default) for none.</summary>
    /// <exception cref="ArgumentException">Something that is no key.</exception>
    public string StopKeys
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.AsSpan().ContainsAnyExcept(_keys))
                throw new ArgumentException("Keys are 0 to 9, *, #, and A to D.", nameof(value));
            field = value;
        }
    } = "";

    /// <summary>Is told once, on a thread of the server's, when it begins: not when it can't be played. Null (default) for nobody.</summary>
    public Action? OnStarted { get; init; }
}

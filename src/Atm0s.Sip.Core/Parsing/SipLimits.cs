namespace Atm0s.Sip.Core.Parsing;

/// <summary>How large a received message may be. Everything beyond is a named refusal, before anything of that size is allocated.</summary>
public sealed record SipLimits
{
    /// <summary>The defaults.</summary>
    public static SipLimits Default { get; } = new();

    /// <summary>Whole message, bytes. 1024 to 65535; default 65535, what a datagram can hold.</summary>
    public int MaxMessageSize { get; init; } = 65_535;

    /// <summary>Header fields, 16 to 4096. Default 256: several times what any phone or proxy chain sends.</summary>
    public int MaxHeaders { get; init; } = 256;

    /// <summary>One header field, bytes with its folded lines. 256 to 65535; default 8192.</summary>
    public int MaxHeaderLength { get; init; } = 8192;

    /// <summary>Request-URI, bytes. 64 to 8192; default 2048, else 414 (RFC 3261 §21.4.12).</summary>
    public int MaxUriLength { get; init; } = 2048;

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Says which, and what it may be.</exception>
    public void Validate()
    {
        Check(MaxMessageSize, 1024, 65_535, nameof(MaxMessageSize));
        Check(MaxHeaders, 16, 4096, nameof(MaxHeaders));
        Check(MaxHeaderLength, 256, 65_535, nameof(MaxHeaderLength));
        Check(MaxUriLength, 64, 8192, nameof(MaxUriLength));

        static void Check(int value, int min, int max, string name)
        {
            if (value < min || value > max)
                throw new ArgumentOutOfRangeException(name, value, $"Limits.{name} must be from {min} to {max}.");
        }
    }
}

namespace Atm0s.Sip;

/// <summary>The server can't start as it is configured. The message says what to write instead.</summary>
public sealed class SipStartException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong and what to write instead.</param>
    public SipStartException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong and what to write instead.</param>
    /// <param name="innerException">What was thrown.</param>
    public SipStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception.</summary>
    public SipStartException()
    {
    }

    internal SipStartException(string setting, string message)
        : base(message) => Setting = setting;

    /// <summary>
    /// The setting that can't work, for example <c>Media.LastPort</c>, as a path from <see cref="SipServerOptions"/>; null when it is no
    /// single one.
    /// </summary>
    public string? Setting { get; }

    /// <summary>
    /// The message alone. Hosts and the runtime print what stops a program with this; where in the library it was found says nothing to who
    /// has to mend a setting. That is in <see cref="Exception.StackTrace"/>.
    /// </summary>
    public override string ToString() => $"The SIP server can't start. {Message}";
}

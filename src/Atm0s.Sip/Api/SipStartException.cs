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
}

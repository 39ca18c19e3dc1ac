namespace Atm0s.Sip.Hooks;

/// <summary>Answer of an <see cref="IMessageHandler"/>: accept or refuse, and nothing else.</summary>
public abstract record MessageDecision
{
    private MessageDecision()
    {
    }

    /// <summary>It is delivered (200), or will be later (202).</summary>
    /// <param name="isDelivered">False when somebody only keeps it for later.</param>
    public static MessageDecision Accept(bool isDelivered = true) => new Acceptance(isDelivered);

    /// <summary>It is not delivered.</summary>
    /// <param name="statusCode">A final failure code, 400 to 699, for example 404 or 415.</param>
    /// <param name="reasonPhrase">Text beside the code, at most 256 characters and no control characters; null takes the standard one.</param>
    public static MessageDecision Refuse(int statusCode, string? reasonPhrase = null)
    {
        if (statusCode is < 400 or > 699)
            throw new ArgumentOutOfRangeException(
                nameof(statusCode), statusCode, "A message is refused with a status code from 400 to 699, for example 404 (Not Found).");
        return new Refusal(statusCode, Hooks.ReasonPhrase.Check(reasonPhrase));
    }

    /// <summary>Case of <see cref="Accept"/>.</summary>
    public sealed record Acceptance : MessageDecision
    {
        internal Acceptance(bool isDelivered) => IsDelivered = isDelivered;

        /// <summary>False when somebody only keeps it for later.</summary>
        public bool IsDelivered { get; }
    }

    /// <summary>Case of <see cref="Refuse"/>.</summary>
    public sealed record Refusal : MessageDecision
    {
        internal Refusal(int statusCode, string? reasonPhrase) => (StatusCode, ReasonPhrase) = (statusCode, reasonPhrase);

        /// <summary>Final failure code, 400 to 699.</summary>
        public int StatusCode { get; }

        /// <summary>Text beside the code, or null for the standard one.</summary>
        public string? ReasonPhrase { get; }
    }
}

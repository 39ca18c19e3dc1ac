namespace Atm0s.Sip.Fuzz;

/// <summary>Something that always holds did not.</summary>
public sealed class FuzzFailureException : Exception
{
    /// <summary>For serializers.</summary>
    public FuzzFailureException()
    {
    }

    /// <summary>Says what did not hold.</summary>
    public FuzzFailureException(string message)
        : base(message)
    {
    }

    /// <summary>Says what did not hold, and why.</summary>
    public FuzzFailureException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

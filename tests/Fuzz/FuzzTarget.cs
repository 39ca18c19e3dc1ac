namespace Atm0s.Sip.Fuzz;

/// <summary>One entrance for bytes of strangers. It is deterministic: the same bytes do the same again.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Its name on the command line, and of its folder of regressions.</summary>
    public abstract string Name { get; }

    /// <summary>Good inputs to begin with.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Plays one input. Whatever it throws is a finding.</summary>
    public abstract void Run(ReadOnlySpan<byte> input);

    /// <summary>Says that something that always holds does not.</summary>
    protected static void Must(bool condition, string what)
    {
        if (!condition)
            throw new FuzzFailureException(what);
    }
}

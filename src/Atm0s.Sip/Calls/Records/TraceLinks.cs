namespace Atm0s.Sip.Calls.Records;

/// <summary>What <see cref="WireTraces"/> knows of a trace; under its lock.</summary>
internal sealed class TraceLinks
{
    /// <summary>
    /// How many calls it is of: several have one Call-ID when the server calls itself, or a caller says so.
    /// </summary>
    public int Calls { get; set; }

    /// <summary>How many of them still keep it.</summary>
    public int Keepers { get; set; }

    /// <summary>Its place in the order of age; null when it has none.</summary>
    public LinkedListNode<WireTrace>? Place { get; set; }
}

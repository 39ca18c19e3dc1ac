namespace Atm0s.Sip.Media.Jitter;

/// <summary>A packet that waits, seen in place: valid until the store is changed.</summary>
internal readonly ref struct StoredPacket
{
    /// <summary>Extended sequence number.</summary>
    public required long Sequence { get; init; }

    /// <summary>Extended timestamp, in units of the format's clock; 0 for fillers.</summary>
    public required long Timestamp { get; init; }

    public required PacketKind Kind { get; init; }

    /// <summary>Index of the format among those that may be received.</summary>
    public required byte Format { get; init; }

    public required TimeSpan Arrival { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }
}

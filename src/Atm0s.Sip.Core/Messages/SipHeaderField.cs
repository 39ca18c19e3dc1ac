namespace Atm0s.Sip.Core.Messages;

/// <summary>A view of one header field of a received message.</summary>
public readonly ref struct SipHeaderField
{
    internal SipHeaderField(SipHeaderId id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Id = id;
        Name = name;
        Value = value;
    }

    /// <summary>Which field, or <see cref="SipHeaderId.Other"/>.</summary>
    public SipHeaderId Id { get; }

    /// <summary>Name as received, possibly compact.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Value without surrounding white space; folded lines are joined by spaces (RFC 3261 §7.3.1).</summary>
    public ReadOnlySpan<byte> Value { get; }
}

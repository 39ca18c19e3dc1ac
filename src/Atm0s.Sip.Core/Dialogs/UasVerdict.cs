using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>The result of <see cref="UasInspection"/>: go on, or a response with the field that explains it.</summary>
internal readonly struct UasVerdict
{
    internal UasVerdict(int statusCode, SipHeaderId header = SipHeaderId.Other, ReadOnlyMemory<byte> value = default)
    {
        StatusCode = statusCode;
        Header = header;
        Value = value;
    }

    /// <summary>Whether the request may be processed.</summary>
    public bool IsOk => StatusCode == 0;

    /// <summary>Status to answer with; 0 when the request may be processed.</summary>
    public int StatusCode { get; }

    /// <summary>The field to add: Allow, Unsupported, Accept or Accept-Encoding; <see cref="SipHeaderId.Other"/> for none.</summary>
    public SipHeaderId Header { get; }

    /// <summary>Its value.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Adds the field to a response begun with <see cref="SipResponseWriter"/>.</summary>
    /// <param name="writer">The response.</param>
    public void WriteHeaders(ref SipWriter writer)
    {
        if (Header != SipHeaderId.Other)
            writer.Header(Header, Value.Span);
    }
}

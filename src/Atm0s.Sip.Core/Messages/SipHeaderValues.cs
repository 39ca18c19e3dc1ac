using System.Buffers;

namespace Atm0s.Sip.Core.Messages;

/// <summary>The comma-separated values of all fields of one id, in order (RFC 3261 §7.3.1). Use with <c>foreach</c>.</summary>
public ref struct SipHeaderValues
{
    private static readonly SearchValues<byte> AddressMarks = SearchValues.Create(":<>\""u8);

    private const int MaxDisplay = 256;

    private readonly SipMessage _message;
    private readonly SipHeaderId _id;
    private ReadOnlySpan<byte> _rest;
    private int _next;

    internal SipHeaderValues(SipMessage message, SipHeaderId id)
    {
        _message = message;
        _id = id;
        _rest = default;
        _next = 0;
        Current = default;
    }

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    // RFC 3261 §7.3.1: in these four a comma separates parameters, and every field is one value.
    private readonly bool IsList => _id is not
        (SipHeaderId.Authorization or SipHeaderId.ProxyAuthorization or SipHeaderId.WwwAuthenticate or SipHeaderId.ProxyAuthenticate);

    // Fields of name-addr values, whose display names some peers leave unquoted, commas and all.
    private readonly bool IsAddress => _id is SipHeaderId.Contact or SipHeaderId.RecordRoute or SipHeaderId.Path or SipHeaderId.Diversion
        or SipHeaderId.PAssertedIdentity or SipHeaderId.PPreferredIdentity or SipHeaderId.RemotePartyId or SipHeaderId.HistoryInfo;

    /// <summary>The enumerator itself.</summary>
    public readonly SipHeaderValues GetEnumerator() => this;

    /// <summary>Goes on to the next value.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            while (!_rest.IsEmpty)
            {
                var end = !IsList ? _rest.Length : IsAddress ? EndOfAddress(_rest) : EndOfValue(_rest);
                Current = SipChars.Trim(_rest[..end]);
                _rest = end < _rest.Length ? _rest[(end + 1)..] : default;
                if (!Current.IsEmpty)
                    return true;
            }

            if (!_message.TryFindNext(_id, ref _next, out _rest))
                return false;
        }
    }

    /// <summary>
    /// Index of the comma that ends the first address. One that stands before the address, in a display name without quotes, does not (RFC
    /// 4475 §3.1.2.15).
    /// </summary>
    internal static int EndOfAddress(ReadOnlySpan<byte> value)
    {
        var end = EndOfValue(value);
        if (end == value.Length || !IsDisplayOnly(value[..end]))
            return end;
        // Not further than a display name is long: this is asked at each comma.
        var open = value[..Math.Min(value.Length, MaxDisplay)].IndexOf((byte)'<');
        if (open < 0 || !IsDisplayOnly(value[..open]))
            return end;
        return open + EndOfValue(value[open..]);
    }

    // No address: it would have a scheme, or be the star of a REGISTER.
    private static bool IsDisplayOnly(ReadOnlySpan<byte> text) =>
        !SipChars.Trim(text).IsEmpty && !text.ContainsAny(AddressMarks) && !SipChars.Trim(text).SequenceEqual("*"u8);

    /// <summary>Index of the comma that ends the first value, outside quotes and angle brackets.</summary>
    internal static int EndOfValue(ReadOnlySpan<byte> value)
    {
        // Most fields have one value, and no comma in it.
        if (!value.Contains((byte)','))
            return value.Length;
        var inBrackets = false;
        for (var i = 0; i < value.Length; i++)
        {
            switch (value[i])
            {
                case (byte)'"' when !inBrackets:
                    i = SipChars.EndOfQuoted(value, i) - 1;
                    if (i < 0)
                        return value.Length;
                    break;
                case (byte)'<':
                    inBrackets = true;
                    break;
                case (byte)'>':
                    inBrackets = false;
                    break;
                case (byte)',' when !inBrackets:
                    return i;
            }
        }

        return value.Length;
    }
}

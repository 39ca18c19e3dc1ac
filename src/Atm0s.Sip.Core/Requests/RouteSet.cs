using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Requests;

/// <summary>A route set (RFC 3261 §12.1) and what it makes of a request (§12.2.1.1). Immutable.</summary>
internal sealed class RouteSet
{
    private readonly byte[][] _values;
    private readonly byte[] _firstUri;
    private readonly bool _isStrict;

    private RouteSet(byte[][] values)
    {
        _values = values;
        _firstUri = values.Length > 0 && NameAddressView.TryParse(values[0], out var first) ? first.Uri.ToArray() : [];
        _isStrict = _firstUri.Length > 0 && SipUriView.TryParse(_firstUri, out var uri) && !uri.TryGetParameter("lr"u8, out _);
    }

    internal static RouteSet Empty { get; } = new([]);

    internal int Count => _values.Length;

    internal ReadOnlySpan<byte> this[int index] => _values[index];

    /// <summary>From Record-Route: in order for a UAS, reversed for a UAC (§12.1.1, §12.1.2). Null when a value is no address.</summary>
    internal static RouteSet? FromRecordRoute(SipMessage message, bool reversed)
    {
        var values = new List<byte[]>();
        foreach (var value in message.GetValues(SipHeaderId.RecordRoute))
        {
            // rr-param and all URI parameters are kept, known or not.
            if (!NameAddressView.TryParse(value, out var address) || !SipUriView.TryParse(address.Uri, out _))
                return null;
            values.Add(value.ToArray());
        }

        if (values.Count == 0)
            return Empty;
        if (reversed)
            values.Reverse();
        return new RouteSet([.. values]);
    }

    internal static RouteSet FromUris(IReadOnlyList<string> uris)
    {
        if (uris.Count == 0)
            return Empty;
        var values = new byte[uris.Count][];
        for (var i = 0; i < values.Length; i++)
        {
            var uri = RequestBuilder.Uri(uris[i], nameof(RequestBuilder.Routes));
            if (!SipUriView.TryParse(uri, out _))
                throw new ArgumentException($"A route is a SIP URI, but '{uris[i]}' is none.", nameof(uris));
            values[i] = [(byte)'<', .. uri, (byte)'>'];
        }

        return new RouteSet(values);
    }

    /// <summary>Where a request to <paramref name="target"/> is sent (§8.1.2, §12.2.1.1).</summary>
    internal ReadOnlySpan<byte> NextHop(ReadOnlySpan<byte> target) => _values.Length == 0 ? target : _firstUri;

    /// <summary>The Request-URI of a request to <paramref name="target"/>.</summary>
    internal byte[] RequestUri(byte[] target) =>
        // RFC 3261 §12.2.1.1: a first URI without lr goes into the Request-URI, without what is not allowed there.
        RequestUriForm.Of(_isStrict ? _firstUri : target);

    /// <summary>The Route fields of a request to <paramref name="target"/>.</summary>
    internal void Write(ref SipWriter writer, ReadOnlySpan<byte> target)
    {
        for (var i = _isStrict ? 1 : 0; i < _values.Length; i++)
            writer.Header(SipHeaderId.Route, _values[i]);
        // RFC 3261 §12.2.1.1: behind a strict router the remote target is the last value.
        if (_isStrict)
            AddressHeader.Write(ref writer, SipHeaderId.Route, default, target, default);
    }
}

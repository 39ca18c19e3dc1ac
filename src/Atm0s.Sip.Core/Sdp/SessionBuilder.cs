using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>Collects the lines of a description while it is read.</summary>
internal sealed class SessionBuilder(SdpLimits limits)
{
    private readonly List<MediaBuilder> _media = new(1);
    private List<SdpAttribute>? _attributes;
    private SdpOrigin? _origin;
    private string _name = "-";
    private string? _timing;
    private string? _connection;
    private string? _addressType;
    private SdpDirection? _direction;
    private int _attributeCount;

    public SdpRefusal Add(char type, ReadOnlySpan<char> value) => type switch
    {
        'o' => AddOrigin(value),
        's' => AddName(value),
        'c' => AddConnection(value),
        'm' => AddMedia(value),
        'a' => AddAttribute(value),
        't' => AddTiming(value),
        _ => SdpRefusal.None, // i, u, e, p, b, r, z, k and what may yet come: nothing we need.
    };

    public SdpRefusal TryBuild([NotNullWhen(true)] out SessionDescription? description)
    {
        description = null;
        if (_origin is null)
            return SdpRefusal.BadOrigin;
        var media = new MediaDescription[_media.Count];
        for (var i = 0; i < media.Length; i++)
            media[i] = _media[i].Build();
        description = new SessionDescription
        {
            Origin = _origin,
            SessionName = _name,
            Timing = _timing ?? "0 0",
            Connection = _connection,
            AddressType = _addressType,
            Direction = _direction,
            Attributes = _attributes ?? (IReadOnlyList<SdpAttribute>)[],
            Media = media,
        };
        return SdpRefusal.None;
    }

    // o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>
    private SdpRefusal AddOrigin(ReadOnlySpan<char> value)
    {
        Span<Range> parts = stackalloc Range[7];
        if (value.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries) != 6)
            return SdpRefusal.BadOrigin;
        _origin = new SdpOrigin(
            value[parts[0]].ToString(), value[parts[1]].ToString(), value[parts[2]].ToString(), value[parts[4]].ToString(),
                value[parts[5]].ToString());
        return SdpRefusal.None;
    }

    private SdpRefusal AddName(ReadOnlySpan<char> value)
    {
        _name = value is "-" ? "-" : value.ToString();
        return SdpRefusal.None;
    }

    // t=<start-time> <stop-time>, seconds. What is none counts as if it were not there: nothing depends on it.
    private SdpRefusal AddTiming(ReadOnlySpan<char> value)
    {
        var space = value.IndexOf(' ');
        if (_timing is null && space > 0 && ulong.TryParse(value[..space], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && ulong.TryParse(value[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            _timing = value is "0 0" ? "0 0" : value.ToString();
        return SdpRefusal.None;
    }

    // c=<nettype> <addrtype> <connection-address>
    private SdpRefusal AddConnection(ReadOnlySpan<char> value)
    {
        Span<Range> parts = stackalloc Range[4];
        if (value.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries) != 3 || value[parts[0]] is not "IN")
            return SdpRefusal.BadConnection;
        var address = value[parts[2]];
        var slash = address.IndexOf('/');
        if (slash == 0)
            return SdpRefusal.BadConnection;
        var text = (slash < 0 ? address : address[..slash]).ToString();
        var type = value[parts[1]].Equals("IP6", StringComparison.OrdinalIgnoreCase) ? "IP6" : "IP4";
        if (_media.Count > 0)
            (_media[^1].Connection, _media[^1].AddressType) = (text, type);
        else
            (_connection, _addressType) = (text, type);
        return SdpRefusal.None;
    }

    private SdpRefusal AddMedia(ReadOnlySpan<char> value)
    {
        if (_media.Count == limits.MaxMedia)
            return SdpRefusal.TooManyMedia;
        var refusal = MediaBuilder.TryCreate(value, limits, out var media);
        if (refusal == SdpRefusal.None)
            _media.Add(media!);
        return refusal;
    }

    private SdpRefusal AddAttribute(ReadOnlySpan<char> value)
    {
        if (++_attributeCount > limits.MaxAttributes)
            return SdpRefusal.TooManyAttributes;
        var colon = value.IndexOf(':');
        var name = (colon < 0 ? value : value[..colon]).Trim();
        var rest = colon < 0 ? default : value[(colon + 1)..].Trim();
        if (_media.Count > 0)
            _media[^1].Add(name, rest, colon >= 0);
        else if (SdpDirections.Parse(name) is { } direction)
            _direction = direction;
        else
            (_attributes ??= []).Add(new SdpAttribute(name.ToString(), colon < 0 ? null : rest.ToString()));
        return SdpRefusal.None;
    }
}

using System.Globalization;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>Collects the lines of one m-section while it is read.</summary>
internal sealed class MediaBuilder
{
    private readonly List<SdpFormat> _maps = [];                        // without parameters; the first of a number counts
    private readonly List<(int Type, string Text)> _parameters = [];    // likewise
    private List<SdpAttribute>? _attributes;
    private readonly string _type;
    private readonly int _port;
    private readonly string _protocol;
    private readonly List<string> _formats;
    private SdpDirection? _direction;
    private int? _packetTime;
    private int? _maxPacketTime;
    private int? _rtcpPort;
    private bool _rtcpMux;

    private MediaBuilder(string type, int port, string protocol, List<string> formats)
    {
        _type = type;
        _port = port;
        _protocol = protocol;
        _formats = formats;
    }

    public string? Connection { get; set; }

    public string? AddressType { get; set; }

    // m=<media> <port>["/"<number>] <proto> <fmt> ...
    public static SdpRefusal TryCreate(ReadOnlySpan<char> value, SdpLimits limits, out MediaBuilder? media)
    {
        media = null;
        ReadOnlySpan<char> type = default, port = default, protocol = default;
        var formats = new List<string>();
        var words = 0;
        foreach (var range in value.Split(' '))
        {
            var word = value[range];
            if (word.IsEmpty)
                continue;
            switch (words++)
            {
                case 0:
                    type = word;
                    break;
                case 1:
                    port = word;
                    break;
                case 2:
                    protocol = word;
                    break;
                default:
                    if (formats.Count == limits.MaxFormats)
                        return SdpRefusal.TooManyFormats;
                    formats.Add(word.ToString());
                    break;
            }
        }

        if (words < 3)
            return SdpRefusal.BadMedia;
        var slash = port.IndexOf('/');
        if (!ushort.TryParse(slash < 0 ? port : port[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return SdpRefusal.BadMedia;
        // RFC 8866 §5.14 wants a format. A stream that is none (port 0) needs none, and some write none.
        if (formats.Count == 0 && number != 0)
            return SdpRefusal.BadMedia;
        media = new MediaBuilder(Known(type), number, Known(protocol), formats);
        return SdpRefusal.None;
    }

    // What nearly every phone writes needs no string of its own.
    private static string Known(ReadOnlySpan<char> word) => word switch
    {
        "audio" => "audio",
        "video" => "video",
        "RTP/AVP" => "RTP/AVP",
        _ => word.ToString(),
    };

    public void Add(ReadOnlySpan<char> name, ReadOnlySpan<char> value, bool hasValue)
    {
        if (SdpDirections.Parse(name) is { } direction)
            _direction = direction;
        else if (name is "rtpmap")
            AddMap(value);
        else if (name is "fmtp")
            AddParameters(value);
        else if (name is "ptime")
            _packetTime = ReadTime(value) ?? _packetTime;
        else if (name is "maxptime")
            _maxPacketTime = ReadTime(value) ?? _maxPacketTime;
        else if (name is "rtcp" && TryReadNumber(FirstWord(value), 65535, out var port))
            _rtcpPort = port;
        else if (name is "rtcp-mux" or "rtcp-mux-only") // RFC 8858 §4: only that, where we can do it
            _rtcpMux = true;
        else
            (_attributes ??= []).Add(new SdpAttribute(name.ToString(), hasValue ? value.ToString() : null));
    }

    public MediaDescription Build() => new()
    {
        Type = _type,
        Port = _port,
        Protocol = _protocol,
        FormatTokens = _formats,
        Formats = BuildFormats(),
        Connection = Connection,
        AddressType = AddressType,
        Direction = _direction,
        PacketTime = _packetTime,
        MaxPacketTime = _maxPacketTime,
        RtcpPort = _rtcpPort,
        RtcpMux = _rtcpMux,
        Attributes = _attributes ?? (IReadOnlyList<SdpAttribute>)[],
    };

    private List<SdpFormat> BuildFormats()
    {
        var formats = new List<SdpFormat>(_formats.Count);
        foreach (var token in _formats)
        {
            if (!TryReadNumber(token, 127, out var type) || Find(formats, type) is not null)
                continue;
            var format = Find(_maps, type) ?? StaticFormats.Of(type);
            formats.Add(ParametersOf(type) is { } parameters ? format with { Parameters = parameters } : format);
        }

        return formats;
    }

    private static SdpFormat? Find(List<SdpFormat> formats, int type)
    {
        foreach (var format in formats)
        {
            if (format.PayloadType == type)
                return format;
        }

        return null;
    }

    private string? ParametersOf(int type)
    {
        foreach (var (number, text) in _parameters)
        {
            if (number == type)
                return text;
        }

        return null;
    }

    // a=rtpmap:<payload type> <encoding name>/<clock rate>[/<channels>]
    private void AddMap(ReadOnlySpan<char> value)
    {
        var first = FirstWord(value);
        var rest = value[first.Length..].Trim();
        Span<Range> parts = stackalloc Range[4];
        var count = rest.Split(parts, '/');
        if (!TryReadNumber(first, 127, out var type) || count is < 2 or > 3 || !TryReadNumber(rest[parts[1]], 1_000_000, out var rate))
            return;
        var channels = 1;
        if (count == 3 && !TryReadNumber(rest[parts[2]], 255, out channels))
            return;
        var name = rest[parts[0]].Trim();
        if (!name.IsEmpty && channels > 0 && Find(_maps, type) is null)
            _maps.Add(new SdpFormat(type, name is "telephone-event" ? "telephone-event" : name.ToString(), rate, channels, null));
    }

    private void AddParameters(ReadOnlySpan<char> value)
    {
        var first = FirstWord(value);
        if (TryReadNumber(first, 127, out var type) && ParametersOf(type) is null)
            _parameters.Add((type, value[first.Length..].Trim().ToString()));
    }

    private static int? ReadTime(ReadOnlySpan<char> value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var time) && time is >= 1 and <= 1000
            ? (int)time
            : null;

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> value)
    {
        var space = value.IndexOf(' ');
        return space < 0 ? value : value[..space];
    }

    private static bool TryReadNumber(ReadOnlySpan<char> text, int max, out int number) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
}

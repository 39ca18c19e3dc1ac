using System.Globalization;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>Collects the lines of one m-section while it is read.</summary>
internal sealed class MediaBuilder
{
    private readonly List<SdpAttribute> _attributes = [];
    private readonly Dictionary<int, (string Name, int ClockRate, int Channels)> _maps = [];
    private readonly Dictionary<int, string> _parameters = [];
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
        var words = new List<string>();
        foreach (var range in value.Split(' '))
        {
            if (value[range].IsEmpty)
                continue;
            if (words.Count == limits.MaxFormats + 3)
                return SdpRefusal.TooManyFormats;
            words.Add(value[range].ToString());
        }

        if (words.Count < 3)
            return SdpRefusal.BadMedia;
        var slash = words[1].IndexOf('/', StringComparison.Ordinal);
        var port = slash < 0 ? words[1] : words[1][..slash];
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return SdpRefusal.BadMedia;
        // RFC 8866 §5.14 wants a format. A stream that is none (port 0) needs none, and some write none.
        if (words.Count == 3 && number != 0)
            return SdpRefusal.BadMedia;
        media = new MediaBuilder(words[0], number, words[2], words[3..]);
        return SdpRefusal.None;
    }

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
        else if (name is "rtcp-mux")
            _rtcpMux = true;
        else
            _attributes.Add(new SdpAttribute(name.ToString(), hasValue ? value.ToString() : null));
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
        Attributes = _attributes,
    };

    private List<SdpFormat> BuildFormats()
    {
        var formats = new List<SdpFormat>(_formats.Count);
        foreach (var token in _formats)
        {
            if (!TryReadNumber(token, 127, out var type) || formats.Exists(f => f.PayloadType == type))
                continue;
            var format = _maps.TryGetValue(type, out var map) ? new SdpFormat(type, map.Name, map.ClockRate, map.Channels, null)
                : StaticFormats.Of(type);
            formats.Add(_parameters.TryGetValue(type, out var parameters) ? format with { Parameters = parameters } : format);
        }

        return formats;
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
        if (!name.IsEmpty && channels > 0)
            _maps.TryAdd(type, (name.ToString(), rate, channels));
    }

    private void AddParameters(ReadOnlySpan<char> value)
    {
        var first = FirstWord(value);
        if (TryReadNumber(first, 127, out var type))
            _parameters.TryAdd(type, value[first.Length..].Trim().ToString());
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

using System.Collections.ObjectModel;

namespace Atm0s.Sip.Hooks;

/// <summary>
/// A WebSocket over which a program hears a call or a room and, if both ways are wanted, speaks: we connect to it, and speak the messages
/// of Twilio's Media Streams.
/// </summary>
public sealed record MediaStreamOptions
{
    /// <summary>
    /// Where the program listens: <c>wss://</c>, at most 2,048 characters. <c>ws://</c> only to this machine, or with
    /// <see cref="AllowPlainText"/>.
    /// </summary>
    public required Uri Url
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!value.IsAbsoluteUri || value.Scheme is not ("ws" or "wss") || value.OriginalString.Length > 2048
                || value.Fragment.Length > 0 || value.UserInfo.Length > 0)
                throw new ArgumentException("The URL of a stream is absolute and begins with wss:// (or ws://).", nameof(value));
            field = value;
        }
    }

    /// <summary>Whether audio and secrets may go over the network unencrypted. Default false.</summary>
    public bool AllowPlainText { get; init; }

    /// <summary>
    /// Whether the program speaks too. Then a phone whose call is streamed hears the program alone, and is heard by it alone; in a room the
    /// program is a member. Default true.
    /// </summary>
    public bool TwoWay { get; init; } = true;

    /// <summary>
    /// What is carried when <see cref="TwoWay"/> is false; else, and of a room, only the default can be met:
    /// <see cref="MediaStreamTracks.Inbound"/>.
    /// </summary>
    public MediaStreamTracks Tracks { get; init; }

    /// <summary>How audio stands in the messages. Default <see cref="MediaStreamEncoding.MuLaw8000"/>.</summary>
    public MediaStreamEncoding Encoding { get; init; }

    /// <summary>Header fields of the request that opens the WebSocket, for example <c>Authorization</c>. Empty by default; never logged.
    /// </summary>
    public IReadOnlyDictionary<string, string> Headers
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count > 32 || value.Any(h => h.Key.Length is 0 or > 128 || h.Value is not { Length: <= 4096 }
                || h.Key.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) || h.Value.Any(char.IsControl)))
                throw new ArgumentException("At most 32 header fields without control characters.", nameof(value));
            field = value;
        }
    }

    = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What the program finds in <c>start.customParameters</c>: at most 64. Empty by default.</summary>
    public IReadOnlyDictionary<string, string> Parameters
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count > 64 || value.Any(p => p.Key.Length is 0 or > 256 || p.Value is null || p.Value.Length > 4096))
                throw new ArgumentException("At most 64 parameters, of 256 and 4,096 characters.", nameof(value));
            field = value;
        }
    }

    = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// The secret that the program knows as its Twilio auth token, at most 256 characters: the request that opens the WebSocket has
    /// <c>X-Twilio-Signature</c> then, the HMAC-SHA1 of <see cref="Url"/>, as such programs validate it. Null (default) for none.
    /// </summary>
    public string? SigningKey
    {
        get;
        init => field = value is not { Length: 0 or > 256 }
            ? value
            : throw new ArgumentException("A key has 1 to 256 characters; null for none.", nameof(value));
    }

    /// <summary>What stands as <c>accountSid</c>: at most 256 characters. Default <c>AC</c> and 32 zeros.</summary>
    public string AccountSid
    {
        get;
        init => field = value is { Length: <= 256 }
            ? value
            : throw new ArgumentException("An account has at most 256 characters.", nameof(value));
    }

    = "AC00000000000000000000000000000000";

    /// <summary>
    /// In a room: the name of the member, 1 to 256 characters; who is in the room under this name leaves it. Null (default) takes the id of
    /// the stream.
    /// </summary>
    public string? ParticipantId
    {
        get;
        init => field = value is null || (value.Length is > 0 and <= 256 && !value.Any(char.IsControl))
            ? value
            : throw new ArgumentException(
                "A name has 1 to 256 characters and no control characters; null takes the stream's.", nameof(value));
    }

    /// <summary>
    /// Of a room: whether there must be one of that name. Default false: for a program that speaks the room is made. One that listens needs
    /// a room in any case.
    /// </summary>
    public bool MustFindRoom { get; init; }

    /// <summary>
    /// Of a call: whether it ends when the program has closed the stream, or can't be reached any more. Null (default) means yes when it is
    /// of both ways, for then nobody else speaks with the phone. Of a room it means nothing: the program leaves it.
    /// </summary>
    public bool? HangUpAtEnd { get; init; }

    /// <summary>
    /// How often in a row a connection that fails or breaks is made anew: 0 to 100, default 3. The wait grows from 0.5 to 8 s. A break
    /// after 30 s or more is the first one again.
    /// </summary>
    public int MaxReconnects
    {
        get;
        init => field = value is >= 0 and <= 100
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "From 0 to 100.");
    }

    = 3;

    /// <summary>
    /// How long connecting, and a message that the program does not read or its machine does not confirm, may take: 1 to 60 s, default
    /// 10 s.
    /// </summary>
    public TimeSpan Timeout
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromSeconds(60)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "From 1 to 60 s.");
    }

    = TimeSpan.FromSeconds(10);

    /// <summary>Whether audio and secrets would go over the network unencrypted although that is not allowed.</summary>
    internal bool IsExposed => Url.Scheme == "ws" && !Url.IsLoopback && !AllowPlainText;

    internal const string WhyExposed = "Audio goes to another machine over wss://; AllowPlainText lets it go unencrypted.";

    /// <summary>Does not show the URL's query, the header fields or the parameters, which may be secrets.</summary>
    public override string ToString() => $"MediaStreamOptions {{ Url = {Url.GetLeftPart(UriPartial.Path)} }}";
}

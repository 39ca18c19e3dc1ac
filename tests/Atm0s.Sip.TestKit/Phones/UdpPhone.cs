using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Atm0s.Sip.TestKit.Phones;

/// <summary>
/// The signalling of one call on a real socket, as text: calls a room or a number without a password, repeats its requests until they are
/// answered, and answers 200 to what comes inside the call. Its audio is somebody else's: <see cref="UdpAudio"/>, or any program.
/// </summary>
public sealed class UdpPhone : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(1);
    private static int _calls;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _end = new();
    private readonly List<SipText> _received = [];
    private readonly IPEndPoint _server;
    private readonly string _user;
    private readonly string _callId;
    private readonly Task _reading;
    private TaskCompletionSource _more = New();
    private string _target;
    private string _to = "";
    private int _cseq;
    private int _branches;

    /// <summary>Binds a socket.</summary>
    /// <param name="user">User name in From and Contact.</param>
    /// <param name="server">Where the server listens.</param>
    /// <param name="host">Own address; null is 127.0.0.1.</param>
    public UdpPhone(string user, IPEndPoint server, IPAddress? host = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        (_user, _server, _target) = (user, server, $"sip:{server}");
        _callId = $"{user}-{Environment.ProcessId}-{Interlocked.Increment(ref _calls)}";
        _socket.Bind(new IPEndPoint(host ?? IPAddress.Loopback, 0));
        _reading = ReadAsync();
    }

    /// <summary>Where its signalling comes from.</summary>
    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>More header lines of its INVITEs, each with its line end.</summary>
    public string MoreHeaders { get; init; } = "";

    /// <summary>
    /// Whether its requests look as if a proxy had passed them on (RFC 3261 §16.6): its signalling tells nothing of where the phone is.
    /// </summary>
    public bool IsBehindProxy { get; init; }

    /// <summary>Everything received up to now, oldest first.</summary>
    public IReadOnlyList<SipText> Received
    {
        get
        {
            lock (_received)
                return [.. _received];
        }
    }

    /// <summary>Whether the server has ended the call. A BYE for who had the port before is none.</summary>
    public bool HasEnded =>
        Received.Any(message => !message.IsResponse && message.Method == "BYE" && message["Call-ID"] == _callId);

    /// <summary>A session description with one stream of audio.</summary>
    /// <param name="rtp">Where audio is wanted.</param>
    /// <param name="formats">Payload types, for example "8 101".</param>
    /// <param name="attributes">Attributes of the stream, without "a=".</param>
    public static string Sdp(IPEndPoint rtp, string formats = "8", params string[] attributes)
    {
        ArgumentNullException.ThrowIfNull(rtp);
        return $"v=0\r\no=- 1 {Interlocked.Increment(ref _calls)} IN IP4 {rtp.Address}\r\ns=-\r\nc=IN IP4 {rtp.Address}\r\nt=0 0\r\n"
            + $"m=audio {rtp.Port} RTP/AVP {formats}\r\n{string.Concat(attributes.Select(attribute => $"a={attribute}\r\n"))}";
    }

    /// <summary>Where the server wants audio, by the session description of its answer.</summary>
    public static IPEndPoint AudioOf(SipText message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var lines = message.Body.Split("\r\n");
        var host = lines.First(line => line.StartsWith("c=IN IP4 ", StringComparison.Ordinal))[9..];
        var port = lines.First(line => line.StartsWith("m=audio ", StringComparison.Ordinal)).Split(' ')[1];
        return IPEndPoint.Parse($"{host}:{port}");
    }

    /// <summary>Calls; the final response, which is acknowledged.</summary>
    /// <param name="to">A room or a number.</param>
    /// <param name="sdp">The offer.</param>
    public async Task<SipText> InviteAsync(string to, string sdp)
    {
        _target = $"sip:{to}@{_server}";
        _to = $"<sip:{to}@{_server.Address}>";
        return await ReinviteAsync(sdp);
    }

    /// <summary>Offers anew inside the call; the final response, which is acknowledged.</summary>
    public async Task<SipText> ReinviteAsync(string sdp)
    {
        var branch = Branch();
        var response = await RequestAsync("INVITE", branch, $"{Contact}{RecordRoute}{MoreHeaders}Content-Type: application/sdp\r\n", sdp);
        _to = response["To"];
        if (response.Status < 300)
            (_target, branch) = (response.ContactUri, Branch());
        await SendAsync(Text("ACK", _target, _cseq, branch, "", ""));
        return response;
    }

    /// <summary>Sends a request inside the call; its final response.</summary>
    public Task<SipText> RequestAsync(string method, string contentType = "", string body = "") =>
        RequestAsync(method, Branch(), contentType.Length > 0 ? $"Content-Type: {contentType}\r\n" : "", body);

    /// <summary>Hangs up.</summary>
    public Task<SipText> ByeAsync() => RequestAsync("BYE");

    /// <summary>Waits for a message of the server.</summary>
    public async Task<SipText> WaitAsync(Func<SipText, bool> wanted, TimeSpan? limit = null) =>
        await FindAsync(wanted, limit ?? Limit)
            ?? throw new TimeoutException($"{_user} waited in vain; it got {string.Join(", ", Received)}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _socket.Dispose();
        _end.Dispose();
    }

    private string Contact => $"Contact: <sip:{_user}@{Address}>\r\n";

    private string RecordRoute => IsBehindProxy ? $"Record-Route: <sip:{Address};lr>\r\n" : "";

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Branch() => $"z9hG4bK-{_callId}-{++_branches}";

    private string Text(string method, string uri, int cseq, string branch, string more, string body) =>
        $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {Address};branch={branch};rport\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:{_user}@{_server.Address}>;tag=t-{_callId}\r\nTo: {_to}\r\nCall-ID: {_callId}\r\nCSeq: {cseq} {method}\r\n{more}"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    private async Task<SipText> RequestAsync(string method, string branch, string more, string body)
    {
        var cseq = ++_cseq;
        var text = Text(method, _target, cseq, branch, more, body);
        bool IsMine(SipText message) => message.IsResponse && message["CSeq"] == $"{cseq} {method}";
        for (var end = DateTime.UtcNow + Limit; DateTime.UtcNow < end;)
        {
            if (!Received.Any(IsMine))
                await SendAsync(text);
            if (await FindAsync(message => IsMine(message) && message.Status >= 200, Repeat) is { } response)
                return response;
        }

        throw new TimeoutException($"{_user}: no answer to {method}");
    }

    private async Task<SipText?> FindAsync(Func<SipText, bool> wanted, TimeSpan limit)
    {
        var expiry = Task.Delay(limit);
        while (true)
        {
            Task more;
            lock (_received)
            {
                if (_received.Find(message => wanted(message)) is { } found)
                    return found;
                more = _more.Task;
            }

            if (await Task.WhenAny(more, expiry) == expiry)
                return null;
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var result = await _socket.ReceiveFromAsync(buffer, _server, _end.Token);
                var message = new SipText(Encoding.UTF8.GetString(buffer, 0, result.ReceivedBytes));
                if (!message.IsResponse && message.Method != "ACK")
                    await SendAsync(Answer(message));
                TaskCompletionSource wake;
                lock (_received)
                {
                    _received.Add(message);
                    (wake, _more) = (_more, New());
                }

                wake.SetResult();
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                // The end, or a server that is gone.
            }
        }
    }

    private string Answer(SipText request) =>
        $"SIP/2.0 200 OK\r\n{string.Concat(request.All("Via").Select(via => $"Via: {via}\r\n"))}From: {request["From"]}\r\nTo: "
            + $"{request["To"]}\r\n"
        + $"Call-ID: {request["Call-ID"]}\r\nCSeq: {request["CSeq"]}\r\n{Contact}Content-Length: 0\r\n\r\n";

    private async Task SendAsync(string text) => await _socket.SendToAsync(Encoding.UTF8.GetBytes(text), _server);
}

using System.Net;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls;

/// <summary>A received INVITE while it is worked on: a copy of the message, its offer, and what the host is told of it.</summary>
internal sealed class ReceivedInvite : IDisposable
{
    private readonly IPEndPoint _source;

    public ReceivedInvite(SipMessage request, SessionDescription? offer, IPEndPoint source)
    {
        Message = request.Clone();
        Offer = offer;
        _source = source;
    }

    public SipMessage Message { get; }

    /// <summary>The offer, or null when the INVITE has none: then ours goes into the 200 (RFC 3261 §13.2.1).</summary>
    public SessionDescription? Offer { get; }

    public InviteRequest ToRequest(CallInfo info) => new()
    {
        CallId = info.CallId,
        SipCallId = info.SipCallId,
        From = info.From,
        To = info.To,
        FromUri = Encoding.UTF8.GetString(Message.From.Uri),
        ToUri = Encoding.UTF8.GetString(Message.To.Uri),
        RequestUri = Encoding.UTF8.GetString(Message.RequestUri),
        Username = info.Username,
        Source = _source,
        OfferedCodecs = Offer is null ? [] : [.. Offer.Media.Where(m => m.IsAudio).SelectMany(m => m.Formats).Select(f => f.Name).Where(n => n.Length > 0)],
        Headers = CopyHeaders(),
    };

    public void Dispose() => Message.Dispose();

    private List<KeyValuePair<string, string>> CopyHeaders()
    {
        var headers = new List<KeyValuePair<string, string>>(Message.HeaderCount);
        for (var i = 0; i < Message.HeaderCount; i++)
        {
            var field = Message.GetHeader(i);
            if (field.Id is not (SipHeaderId.Authorization or SipHeaderId.ProxyAuthorization))
                headers.Add(new(Encoding.UTF8.GetString(field.Name), Encoding.UTF8.GetString(field.Value)));
        }

        return headers;
    }
}

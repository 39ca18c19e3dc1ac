using System.Net;
using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Sdp.Security;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Incoming;

/// <summary>A received INVITE while it is worked on: a copy of the message, its offer, and what the host is told of it.</summary>
internal sealed class ReceivedInvite : IDisposable
{
    private readonly SipFlow _flow;

    private readonly InviteSource _sender;

    private readonly CallerIdentity _caller;

    /// <param name="request">The message; copied.</param>
    /// <param name="offer">Its offer, or null.</param>
    /// <param name="flow">The way it came.</param>
    /// <param name="sender">What the address says of it.</param>
    /// <param name="login">Who has shown his password, or null.</param>
    public ReceivedInvite(
        SipMessage request, SessionDescription? offer, SipFlow flow, InviteSource sender, Login? login = null)
    {
        Message = request.Clone();
        Offer = offer;
        _flow = flow;
        _sender = sender;
        _caller = CallerIdentity.Read(request, sender, login);
        Headers = MessageHeaders.Copy(Message);
    }

    public SipMessage Message { get; }

    /// <summary>The offer, or null when the INVITE has none: then ours goes into the 200 (RFC 3261 §13.2.1).</summary>
    public SessionDescription? Offer { get; private set; }

    /// <summary>Its header fields, for the host; they outlive the message.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>Writes the address of a host into the offer that names it.</summary>
    public void Locate(string host, IPAddress address) => Offer = Offer?.WithAddress(host, address);

    /// <summary>How the caller is known, for the record.</summary>
    public static string KnownBy(CallerAuthentication authentication, CallInfo info) => authentication switch
    {
        CallerAuthentication.Digest => $"the password of {info.Username}",
        CallerAuthentication.Address => "its address",
        _ => "nothing: the number is open",
    } + (info.Trunk is null ? "" : $", over trunk {info.Trunk}");

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
        Authentication = AuthenticationOf(info),
        FromDisplayName = _caller.FromDisplayName,
        Identity = _caller.Identity,
        IsAnonymous = _caller.IsAnonymous,
        Diversions = _caller.Diversions,
        IdentityTokens = _caller.Tokens,
        Trunk = info.Trunk,
        Source = _flow.RemoteEndPoint,
        Certificate = FlowIdentity.Of(_flow),
        OfferedCodecs = Offer is null ? [] : CodecsOf(Offer),
        OffersEncryption = Offer?.Media.Any(m => m.IsAudio && m.Port != 0 && DescribedSecurity.HasKeys(Offer, m)) ?? false,
        Headers = Headers,
    };

    private static List<string> CodecsOf(SessionDescription offer)
    {
        var names = new List<string>();
        foreach (var media in offer.Media)
        {
            if (!media.IsAudio)
                continue;
            foreach (var format in media.Formats)
            {
                if (format.Name.Length > 0)
                    names.Add(format.Name);
            }
        }

        return names;
    }

    public void Dispose() => Message.Dispose();

    /// <summary>How the caller is known.</summary>
    public CallerAuthentication AuthenticationOf(CallInfo info) =>
        info.Username is not null ? CallerAuthentication.Digest
        : _sender.IsTrusted ? CallerAuthentication.Address
        : CallerAuthentication.None;
}

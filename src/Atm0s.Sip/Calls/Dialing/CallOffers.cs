using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Audio.Security;
using Atm0s.Sip.Core.Sdp.Security;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>
/// The offers of a call that rings: all that leave from one address of ours and say the same of encryption are one, with one port; who is
/// reached over another network or IP version, or gets his keys in another way, is offered another. Who makes a handshake on the path of
/// the audio has a port of his own, so that two never do so on one. The first is the call's until somebody has answered. On the call's
/// shard only.
/// </summary>
internal sealed class CallOffers(Call call, OutgoingCallOptions options)
{
    private readonly Dictionary<(IPAddress Local, OfferKind Kind, RingBranch? Own), (CallAudio Audio, byte[] Offer)> _offers = [];
    private readonly MediaEncryption _policy =
        call.Services.Media.Security.PolicyOf(call.Trunk?.Options, options.Participant.Encryption);

    /// <summary>The offer for a target, or why there is none.</summary>
    public CallRefusal? TryGet(RingBranch branch, out byte[] offer)
    {
        offer = [];
        var flow = branch.Target.Flow;
        var security = call.Services.Media.Security.For(
            _policy, options.KeyExchange ?? call.Trunk?.Options.KeyExchange, flow, branch.IsStrict);
        var kind = OfferKind.Of(security.Wish);
        var key = (flow.LocalEndPoint.Address, kind, kind.Method == KeyMethod.Dtls ? branch : null);
        if (!_offers.TryGetValue(key, out var known))
        {
            if (call.Services.Media.TryOffer(flow, options.Participant.Codecs, security, call, out var audio, out var made) is { } refusal)
                return refusal;
            audio!.OnOfferedToMany();
            known = (audio, made!);
            _offers.Add(key, known);
            call.Audio ??= audio;
        }

        branch.Audio = known.Audio;
        branch.IsOpportunistic = kind is { IsOpportunistic: true, Method: not KeyMethod.None };
        offer = known.Offer;
        return null;
    }

    /// <summary>A target has answered, for good or early: its offer is the call's.</summary>
    public void Choose(RingBranch branch, SipFlow flow)
    {
        call.Audio = branch.Audio;
        call.Audio!.SetFlow(flow);
    }

    /// <summary>Closes what the call does not use.</summary>
    public void Close()
    {
        foreach (var (audio, _) in _offers.Values)
        {
            if (!ReferenceEquals(audio, call.Audio))
                audio.Dispose();
        }

        _offers.Clear();
    }
}

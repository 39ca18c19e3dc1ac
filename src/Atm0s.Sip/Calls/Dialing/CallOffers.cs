using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Audio.Security;
using Atm0s.Sip.Core.Sdp.Security;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>
/// The offers of a call that rings: all without keys that leave from one address of ours are one, with one port; who is reached over
/// another network or IP version is offered another. Who gets keys has an offer and a port of his own: nobody else who rings can read what
/// he will hear, and two never make a handshake on one path. The first is the call's until somebody has answered. On the call's shard only.
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
        var key = (flow.LocalEndPoint.Address, kind, kind.Method == KeyMethod.None ? null : branch);
        if (!_offers.TryGetValue(key, out var known))
        {
            var leg = new RingingLeg(call);
            if (call.Services.Media.TryOffer(flow, options.Participant.Codecs, security, leg, out var audio, out var made) is { } refusal)
                return refusal;
            leg.Audio = audio;
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

    /// <summary>A target is out: what was offered to it alone is closed, unless it is what the call has as yet.</summary>
    public void Drop(RingBranch branch)
    {
        foreach (var (key, (audio, _)) in _offers)
        {
            if (!ReferenceEquals(key.Own, branch) || ReferenceEquals(audio, call.Audio))
                continue;
            _offers.Remove(key);
            audio.Dispose();
        }
    }

    /// <summary>Audio has failed: nobody is offered it any more, and it is not the call's.</summary>
    public void Forget(CallAudio audio)
    {
        foreach (var (key, known) in _offers)
        {
            if (ReferenceEquals(known.Audio, audio))
                _offers.Remove(key);
        }

        if (ReferenceEquals(call.Audio, audio))
            call.Audio = _offers.Values.FirstOrDefault().Audio;
        audio.Dispose();
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

using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>
/// The offers of a call that rings: all that leave from one address of ours are one, with one port; who is reached over another network
/// or IP version is offered another. The first is the call's until somebody has answered. On the call's shard only.
/// </summary>
internal sealed class CallOffers(Call call, IReadOnlyList<string>? codecs)
{
    private readonly Dictionary<IPAddress, (CallAudio Audio, byte[] Offer)> _offers = [];

    /// <summary>The offer for who is reached over a flow, or why there is none.</summary>
    public CallRefusal? TryGet(SipFlow flow, out byte[] offer)
    {
        offer = [];
        if (!_offers.TryGetValue(flow.LocalEndPoint.Address, out var known))
        {
            if (call.Services.Media.TryOffer(flow, codecs, call, out var audio, out var made) is { } refusal)
                return refusal;
            audio!.OnOfferedToMany();
            known = (audio, made!);
            _offers.Add(flow.LocalEndPoint.Address, known);
            call.Audio ??= audio;
        }

        offer = known.Offer;
        return null;
    }

    /// <summary>Who is reached over a flow has answered, for good or early: its offer is the call's.</summary>
    public void Choose(SipFlow flow)
    {
        call.Audio = _offers[flow.LocalEndPoint.Address].Audio;
        call.Audio.SetFlow(flow);
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

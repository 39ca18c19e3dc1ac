using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Setup;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>
/// Hears of one leg of a call that rings several: what concerns the leg that the call has is the call's; a leg that fails before the
/// answer takes away those phones alone that were offered it. Any thread.
/// </summary>
internal sealed class RingingLeg(Call call) : IRtpLegObserver
{
    private volatile CallAudio? _audio;

    /// <summary>The audio that it is of.</summary>
    public CallAudio? Audio
    {
        get => _audio;
        set => _audio = value;
    }

    private IRtpLegObserver Observer => call.AudioNews;

    private bool IsOfCall => _audio is { } audio && ReferenceEquals(call.Audio, audio);

    public void OnLatched(IPEndPoint source)
    {
        if (IsOfCall)
            Observer.OnLatched(source);
    }

    public void OnMediaTimeout() => Fail(Call.NoAudio);

    public void OnFailed() => Fail(Call.AudioFailed);

    public void OnMediaFailed(MediaFailure failure) => Fail(MediaFailures.EndOf(failure));

    public void OnTalking(bool talks)
    {
        if (IsOfCall)
            Observer.OnTalking(talks);
    }

    public void OnDtmf(DtmfEvent dtmf)
    {
        if (IsOfCall)
            Observer.OnDtmf(dtmf);
    }

    private void Fail(CallEnd why) => call.Post(() =>
    {
        if (_audio is not { } audio)
            return;
        if (call.Setup is OutboundSetup setup)
            setup.OnAudioFailed(audio, why);
        else if (IsOfCall)
            call.End(why);
    });
}

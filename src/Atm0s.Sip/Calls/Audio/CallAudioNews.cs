using System.Net;
using Atm0s.Sip.Calls.Digits;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>What becomes of a call when its leg of audio tells something. Any thread.</summary>
internal sealed class CallAudioNews(Call call) : IRtpLegObserver
{
    public void OnLatched(IPEndPoint source)
    {
        ServerLog.MediaLatched(call.Logger, call.Id, source);
        call.Note("audio", $"comes from {source}, and goes there: the first packets that could be the phone's came from there");
    }

    public void OnMediaTimeout() => call.PostEnd(Call.NoAudio);

    public void OnFailed() => call.PostEnd(Call.AudioFailed);

    public void OnMediaFailed(MediaFailure failure) => call.PostEnd(MediaFailures.EndOf(failure));

    public void OnTalking(bool talks)
    {
        if (call.Services.Events.IsWatched)
            call.Post(() => call.Services.Events.Tell(new SipServerEvent.Talking(call.Id, call.Info.RoomId ?? "", talks)));
    }

    public void OnDtmf(DtmfEvent dtmf) =>
        call.Post(() => call.Digits.OnDigit(DigitPath.TelephoneEvent, dtmf.Digit, dtmf.Duration));
}

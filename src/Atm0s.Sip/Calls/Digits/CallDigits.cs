using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Dtmf;

namespace Atm0s.Sip.Calls.Digits;

/// <summary>
/// The keys of one call, in both directions: as telephone events where the phone has them, else by SIP INFO. On the call's shard.
/// </summary>
internal sealed class CallDigits(Call call)
{
    private readonly DigitMerge _pressed = new();
    private InfoSender? _infoSender;

    /// <summary>Asks the phone for digits.</summary>
    public DigitGather Gather { get; } = new(call);

    /// <summary>Sends keys; the phone's answers may decide what becomes of the command.</summary>
    public void Send(string digits, TimeSpan duration, TimeSpan gap, Action<CallCommandResult> onDone)
    {
        if (call.State != CallState.Answered)
        {
            onDone(CallCommandResult.NotPossible);
            return;
        }

        if (call.Audio!.TakesDigits)
        {
            onDone(call.Audio.Rtp.SendDtmf(digits, duration, gap) ? CallCommandResult.Done : CallCommandResult.NotPossible);
            return;
        }

        if (MessageHeaders.Allow(call.RemoteHeaders, "INFO"))
            _infoSender ??= new InfoSender(call, call.Dialog!);
        if (_infoSender is null || !_infoSender.TryAdd(digits, duration, gap, onDone))
            onDone(CallCommandResult.NotPossible);
    }

    /// <summary>Passes a key on that another member of the room has pressed, as well as the phone can take it.</summary>
    public void Relay(char digit, TimeSpan duration)
    {
        if (call.HasEnded || call.State != CallState.Answered)
            return;
        var length = TimeSpan.FromTicks(Math.Clamp(duration.Ticks, DtmfDigits.MinDuration.Ticks, DtmfDigits.MaxDuration.Ticks));
        Send(digit.ToString(), length, DtmfDigits.MinDuration, static _ => { });
    }

    /// <summary>The call is over: nothing is sent any more.</summary>
    public void End()
    {
        _infoSender?.End();
        Gather.Cancel(GatherEnd.Ended);
    }

    /// <summary>An INFO inside the dialog.</summary>
    public void OnInfo(CallDialog dialog, SipFlow flow, SipMessage request)
    {
        // RFC 6086 §4.2.2: no package is known here; the empty Recv-Info says so.
        if (request.TryGetHeader(SipHeaderId.InfoPackage, out _))
        {
            dialog.Respond(flow, request, 469, "Bad Info Package", extra: [new("Recv-Info", "")]);
            return;
        }

        // RFC 2976 §2.2: an INFO without a body is answered 200.
        if (request.Body.IsEmpty)
        {
            dialog.Respond(flow, request, 200);
            return;
        }

        if (!request.TryGetHeader(SipHeaderId.ContentType, out var type) || !InfoDigit.IsKnown(type))
        {
            dialog.Respond(flow, request, 415, extra: [new("Accept", InfoDigit.Accepted)]);
            return;
        }

        var digit = InfoDigit.Read(request.Body);
        dialog.Respond(flow, request, digit is null ? 400 : 200, digit is null ? "The key can't be read" : null);
        if (digit is { } key)
            OnDigit(DigitPath.Info, key.Digit, key.Duration);
    }

    /// <summary>The phone has sent a key.</summary>
    public void OnDigit(DigitPath path, char digit, TimeSpan duration)
    {
        // RFC 4733 §3.2: flash is an event, but no digit.
        if (call.HasEnded || digit == '\0' || !_pressed.IsNew(path, digit, duration, call.Shard.Now))
            return;
        ServerLog.Dtmf(call.Logger, call.Id, duration);
        call.Events.Digit(digit, duration);
        var isUsed = call.Booth.Player.OnKey(digit);
        call.Booth.Streams.OnKey(digit);
        // What is asked for, or has ended something, is for nobody else.
        if (Gather.OnKey(digit, isUsed) || isUsed)
            return;
        // A key that was heard as a tone goes on as a tone, which programs do not hear as a key.
        call.Room.RelayDigit(digit, duration, isHeardAsTone: path != DigitPath.Info && call.Audio is not { HearsEvents: true });
    }
}

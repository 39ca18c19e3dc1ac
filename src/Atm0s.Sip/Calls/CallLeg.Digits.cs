using Atm0s.Sip.Calls.Digits;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Dtmf;

namespace Atm0s.Sip.Calls;

/// <content>Keys, in both directions: as telephone events where the phone has them, else by SIP INFO.</content>
internal abstract partial class CallLeg
{
    private static readonly TimeSpan DigitDuration = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DigitGap = TimeSpan.FromMilliseconds(60);

    private readonly DigitMerge _pressed = new();
    private InfoSender? _infoSender;

    public Task<CallCommandResult> SendDtmfAsync(string digits, TimeSpan? duration = null, TimeSpan? gap = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(digits);
        var (length, pause) = (duration ?? DigitDuration, gap ?? DigitGap);
        DtmfDigits.Check(digits, length, pause);
        if (HasEnded)
            return Task.FromResult(CallCommandResult.Ended);
        var done = NewCommand();
        Post(() =>
        {
            if (SendDigits(digits, length, pause, done) is { } result)
                Complete(done, result);
        });
        return done.Task;
    }

    void Media.Mixing.IRtpLegObserver.OnDtmf(DtmfEvent dtmf) => Post(() => OnDigit(DigitPath.TelephoneEvent, dtmf.Digit, dtmf.Duration));

    /// <summary>Sends a key by INFO (RFC 2976).</summary>
    internal void SendInfo(byte[] body, IClientExchangeUser user)
    {
        var dialog = Dialog!;
        var flow = FlowFor(dialog);
        var branch = Services.Stack.Ids.NewBranch();
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        dialog.BeginRequest(ref writer, SipMethod.Info, flow.NewVia(branch));
        writer.Body(InfoDigit.ContentType, body);
        Shard.Send(flow, SipMethod.Info, branch, buffer.WrittenSpan.ToArray(), user);
    }

    /// <summary>The phone has answered 481 to a request inside the dialog.</summary>
    internal void OnDialogGone() => Finish(CallEndCause.Gone, 0, "the phone knows of no such call any more");

    // Null: the phone's answers decide.
    private CallCommandResult? SendDigits(string digits, TimeSpan length, TimeSpan pause, TaskCompletionSource<CallCommandResult> done)
    {
        if (HasEnded)
            return CallCommandResult.Ended;
        if (State != CallState.Answered)
            return CallCommandResult.NotPossible;
        if (Media!.TakesDigits)
            return Media.Rtp.SendDtmf(digits, length, pause) ? CallCommandResult.Done : CallCommandResult.NotPossible;
        if (!TakesInfo)
            return CallCommandResult.NotPossible;
        _infoSender ??= new InfoSender(this, Shard);
        return _infoSender.TryAdd(digits, length, pause, result => Complete(done, result)) ? null : CallCommandResult.NotPossible;
    }

    // RFC 3261 §20.5: who has no Allow says nothing about what he takes.
    private bool TakesInfo
    {
        get
        {
            var allow = RemoteHeaders.Where(h => h.Key.Equals("Allow", StringComparison.OrdinalIgnoreCase)).ToArray();
            return allow.Length == 0
                || allow.SelectMany(h => h.Value.Split(',')).Any(m => m.Trim().Equals("INFO", StringComparison.Ordinal));
        }
    }

    private void OnInfo(SipFlow flow, SipMessage request)
    {
        // RFC 6086 §4.2.2: no package is known here; the empty Recv-Info says so.
        if (request.TryGetHeader(SipHeaderId.InfoPackage, out _))
        {
            RespondToInfo(flow, request, 469, "Bad Info Package", [new("Recv-Info", "")]);
            return;
        }

        // RFC 2976 §2.2: an INFO without a body is answered 200.
        if (request.Body.IsEmpty)
        {
            Respond(flow, request, 200);
            return;
        }

        if (!request.TryGetHeader(SipHeaderId.ContentType, out var type) || !InfoDigit.IsKnown(type))
        {
            RespondToInfo(flow, request, 415, null, [new("Accept", InfoDigit.Accepted)]);
            return;
        }

        var digit = InfoDigit.Read(request.Body);
        Respond(flow, request, digit is null ? 400 : 200, digit is null ? "The key can't be read" : null);
        if (digit is { } key)
            OnDigit(DigitPath.Info, key.Digit, key.Duration);
    }

    private void RespondToInfo(
        SipFlow flow, SipMessage request, int status, string? reason, IReadOnlyList<KeyValuePair<string, string>> headers) =>
        Shard.Accept(flow, request, null)?.Respond(status, CreateResponse(request, status, reason, default, null, headers));

    private void OnDigit(DigitPath path, char digit, TimeSpan duration)
    {
        // RFC 4733 §3.2: flash is an event, but no digit.
        if (HasEnded || digit == '\0' || !_pressed.IsNew(path, digit, duration, Shard.Now))
            return;
        ServerLog.Dtmf(Services.Logger, Id, duration);
        Tell(new CallEvent.DtmfReceived { Call = _info, Timestamp = Shard.Stack.Clock.UtcNow, Digit = digit, Duration = duration });
    }
}

using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls;

/// <summary>Tells the host's observer, and whoever watches the server, what becomes of a call. On the call's shard.</summary>
internal sealed class CallEvents(Call call)
{
    private bool _hasBegun;

    private DateTimeOffset Now => call.Shard.Stack.Clock.UtcNow;

    /// <summary>The call exists: it has a room, or ends before it had one. Once.</summary>
    public void Connecting()
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        var info = call.Info;
        ServerLog.CallConnecting(call.Logger, info.CallId, info.Direction, info.From, info.To, info.RoomId ?? "none", info.SipCallId);
        Tell(new CallEvent.Connecting { Call = info, Timestamp = Now });
    }

    public void Ringing() => Tell(new CallEvent.Ringing { Call = call.Info, Timestamp = Now });

    public void Answered()
    {
        var audio = call.Audio!;
        call.Note(
            "audio",
            (audio.CodecName, audio.Local, audio.AddressReason, audio.Remote),
            static a => $"{a.CodecName} between {a.Local} (because: {a.AddressReason}) and {a.Remote}");
        if (audio.Encryption is { } encryption)
            call.Note("encryption", encryption, static e => $"the audio is encrypted, keys and suite: {e}");
        ServerLog.CallAnswered(call.Logger, call.Id, audio.CodecName, audio.Local, audio.Remote, audio.AddressReason);
        Tell(new CallEvent.Answered { Call = call.Info, Timestamp = Now, Codec = audio.CodecName, Encryption = audio.Encryption });
    }

    /// <summary>The call is on hold, or goes on.</summary>
    public void Hold(bool isHeld, bool byHost)
    {
        call.Note("hold", $"{(byHost ? "the host" : "the phone")} {(isHeld ? "holds" : "lets go on")}");
        call.Trace?.OnHold(isHeld, byHost);
        Tell(isHeld
            ? new CallEvent.Held { Call = call.Info, Timestamp = Now, ByHost = byHost }
            : new CallEvent.Resumed { Call = call.Info, Timestamp = Now, ByHost = byHost });
    }

    public void Moved(string fromRoomId)
    {
        call.Trace?.OnMoved(fromRoomId);
        Tell(new CallEvent.Moved { Call = call.Info, Timestamp = Now, FromRoomId = fromRoomId });
    }

    public void Digit(char digit, TimeSpan duration)
    {
        call.Trace?.OnDigit();
        Tell(new CallEvent.DtmfReceived { Call = call.Info, Timestamp = Now, Digit = digit, Duration = duration });
    }

    /// <summary>The call is over; told by <see cref="Ended"/>.</summary>
    public CallEvent.Ended NewEnded(CallEnd why, int status, TimeSpan duration, CallQuality? quality) => new()
    {
        Call = call.Info,
        Timestamp = Now,
        Cause = why.Cause,
        StatusCode = status,
        Reason = why.Reason,
        Duration = duration,
        Failure = why.Failure,
        Quality = quality,
    };

    /// <summary>Writes down how the call has ended.</summary>
    public void Note(CallEvent.Ended end)
    {
        call.Note("end", end, static e => $"{e.Cause} ({e.StatusCode}): {e.Reason}");
        ServerLog.CallEnded(call.Logger, call.Id, end.Cause, end.StatusCode, end.Reason, end.Duration);
    }

    /// <summary>Tells that the call is over. By then it can be asked for among those that have ended.</summary>
    public void Ended(CallEvent.Ended ended) => Tell(ended);

    private void Tell(CallEvent callEvent) => call.Services.Tell(callEvent, call.Trace);
}

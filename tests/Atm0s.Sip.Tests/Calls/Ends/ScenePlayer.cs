using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Tests.Calls.Ends;

/// <summary>Brings a call to a scene and ends it there.</summary>
internal sealed class ScenePlayer : IAsyncDisposable
{
    private static readonly OutgoingCallOptions Early = new() { EarlyMedia = true };

    private readonly CallScene _scene;
    private SipText? _invite;
    private PhoneDialog? _dialog;

    public ScenePlayer(CallScene scene, SipTransportProtocol protocol)
    {
        _scene = scene;
        All = new DialogWorld(
            options =>
            {
                options.HandlerTimeout = TimeSpan.FromSeconds(5);
                options.StopTimeout = TimeSpan.FromSeconds(30);
                options.Calls.MaxDuration = TimeSpan.FromMinutes(2);
                options.Calls.RingTimeout = options.Calls.WaitForOthersTimeout = TimeSpan.FromSeconds(50);
                if (scene == CallScene.OurUpdate)
                    options.Calls.SessionInterval = TimeSpan.FromSeconds(90);
            },
            protocol,
            rooms: scene is CallScene.Joining or CallScene.OutJoining ? new SlowRooms() : null);
        All.World.Hosts.Wait = static cancellation => Task.Delay(Timeout.Infinite, cancellation);
        Phone = new PolitePhone(All);
    }

    public DialogWorld All { get; }

    public PolitePhone Phone { get; }

    public static bool IsIncoming(CallScene scene) => scene < CallScene.OutJoining;

    public static bool IsConfirmed(CallScene scene) =>
        scene is (>= CallScene.Unacknowledged and < CallScene.OutJoining) or >= CallScene.OutUp;

    /// <summary>Whether our INVITE may be cancelled: something provisional has come, and nothing final (RFC 3261 §9.1).</summary>
    public static bool IsRingingOut(CallScene scene) => scene is > CallScene.OutCalling and < CallScene.OutUp;

    public void Play()
    {
        if (IsIncoming(_scene))
            PlayIncoming();
        else
            PlayOutgoing();
        All.Advance(0.1);
    }

    /// <summary>Ends the call, and lets the phone do its part until nothing is due any more.</summary>
    public void End(CallEnding ending)
    {
        var handle = All.Call;
        var call = All.Server.Parts.Calls.All.Single();
        Task? stopping = null;
        switch (ending)
        {
            case CallEnding.HostHangsUp:
                _ = handle.HangUpAsync();
                break;
            case CallEnding.PhoneEnds:
                EndByPhone();
                break;
            case CallEnding.BothAtOnce:
                EndByPhone();
                _ = handle.HangUpAsync();
                break;
            case CallEnding.TimeOut:
                All.World.RunUntil(() => call.HasEnded, TimeSpan.FromMinutes(3));
                break;
            case CallEnding.Exception:
                call.Post(static () => throw new InvalidOperationException("broken"));
                break;
            case CallEnding.ConnectionLost:
                All.World.Network.BreakConnection(All.Phone.EndPoint, VirtualWorld.ServerEndPoint);
                All.Advance(0.2);
                if (call.State == CallState.Answered)
                    _ = handle.HangUpAsync();
                break;
            case CallEnding.ServerStops:
                stopping = All.Server.StopAsync();
                break;
            case CallEnding.RoomRemoved:
                ((Atm0s.Sip.Rooms.IRoomMember)call.Room).OnRemoved(call.Info.RoomId ?? "", CallEndCause.OthersLeft, "the room is closed");
                break;
        }

        Phone.Run(3);
        Assert.That(call.Ended.IsCompleted, Is.True);
        // A phone that answers does not keep the server from stopping.
        if (stopping is not null)
            All.World.Complete(stopping, TimeSpan.FromSeconds(0.1));
        Phone.Run(67);
        Assert.That(call.Services.Rings.Count, Is.Zero);
    }

    public ValueTask DisposeAsync() => All.DisposeAsync();

    private void EndByPhone()
    {
        if (_dialog is { } dialog && IsConfirmed(_scene))
            dialog.Send("BYE");
        else if (IsIncoming(_scene))
            All.Phone.Cancel(_invite!);
        else
            All.Phone.Respond(_invite!, 486, "Busy Here");
    }

    private void PlayIncoming()
    {
        All.Host.Decide = _scene switch
        {
            CallScene.Asking => static async (_, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return InviteDecision.Reject(500);
            },
            CallScene.Ringing or CallScene.RingingReliably => static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1")),
            CallScene.HeldForThePrack => static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1", earlyMedia: true)),
            _ => static (_, _) => ValueTask.FromResult(InviteDecision.JoinRoom("room1")),
        };
        var extra = _scene switch
        {
            CallScene.RingingReliably or CallScene.HeldForThePrack => "Require: 100rel\r\n",
            CallScene.OurUpdate => "Supported: timer\r\nSession-Expires: 90;refresher=uas\r\nAllow: INVITE, ACK, BYE, UPDATE\r\n",
            _ => "",
        };
        _invite = All.Dial(_scene == CallScene.Locating ? Named() : null, extra);
        if (_scene < CallScene.Ringing)
        {
            All.World.RunUntil(() => All.Server.Calls.Count == 1);
            return;
        }

        if (!IsConfirmed(_scene))
        {
            All.Phone.WaitFor(m => m.IsResponse && m.Status is 180 or 183);
            if (_scene == CallScene.HeldForThePrack)
                All.World.Complete(All.Call.AnswerAsync());
            return;
        }

        var ok = All.Phone.WaitForResponse("INVITE", 200);
        _dialog = PhoneDialog.OfCaller(All.Phone, _invite, ok);
        if (_scene == CallScene.Unacknowledged)
            return;
        _dialog.Ack(_invite, ok);
        All.Advance(0.05);
        GoOn(_dialog);
    }

    private void PlayOutgoing()
    {
        if (_scene == CallScene.OutJoining)
        {
            All.Phone.Register();
            All.World.Await(All.Server.CallClientAsync("room1", All.Server.FindRegistrations("bob")[0].SessionId, "1001").AsTask());
            return;
        }

        _invite = All.Ring(_scene == CallScene.OutEarlyMedia ? Early : null);
        switch (_scene)
        {
            case CallScene.OutTrying:
                All.Phone.Respond(_invite, 100, "Trying");
                break;
            case CallScene.OutRinging:
                All.Phone.Respond(_invite, 180, "Ringing");
                break;
            case CallScene.OutReliably:
                All.Phone.Respond(_invite, 180, "Ringing", extra: "Require: 100rel\r\nRSeq: 1\r\n");
                break;
            case CallScene.OutEarlyMedia:
                All.Phone.Respond(_invite, 183, "Progress", All.Phone.Sdp);
                break;
            case CallScene.OutForked:
                All.Phone.Respond(_invite, 180, "Ringing", tag: "a");
                All.Phone.Respond(_invite, 183, "Progress", All.Phone.Sdp, "b");
                break;
            case >= CallScene.OutUp:
                All.Phone.Respond(_invite, 200, "OK", All.Phone.Sdp);
                All.Phone.WaitForRequest("ACK");
                _dialog = PhoneDialog.OfCalled(All.Phone, _invite);
                All.Advance(0.05);
                GoOn(_dialog);
                break;
        }
    }

    private void GoOn(PhoneDialog dialog)
    {
        switch (_scene)
        {
            case CallScene.ReInviteLocating:
                dialog.Send("INVITE", Named());
                break;
            case CallScene.UpdateLocating:
                dialog.Send("UPDATE", Named());
                break;
            case CallScene.ReInviteUnacknowledged or CallScene.OutReInviteUnacknowledged:
                dialog.Final(dialog.Send("INVITE", All.Phone.Sdp));
                break;
            case CallScene.OurReInvite or CallScene.OutOurReInvite:
                _ = All.Call.HoldAsync();
                All.Phone.WaitFor(m => !m.IsResponse && m.Method == "INVITE" && m.ToTag.Length > 0);
                break;
            case CallScene.OurUpdate:
                All.Phone.WaitForRequest("UPDATE", TimeSpan.FromSeconds(50));
                break;
            case CallScene.Held:
                dialog.Ask("INVITE", All.Phone.Sdp + "a=sendonly\r\n");
                break;
            case CallScene.OnHold or CallScene.OutOnHold:
                var hold = All.Call.HoldAsync();
                All.Phone.Respond(
                    All.Phone.WaitFor(m => !m.IsResponse && m.Method == "INVITE" && m.ToTag.Length > 0),
                    200,
                    "OK",
                    All.Phone.Sdp + "a=inactive\r\n");
                All.World.Complete(hold);
                break;
        }
    }

    private string Named() =>
        All.Phone.Sdp.Replace($"c=IN IP4 {All.Phone.EndPoint.Address}", "c=IN IP4 media.test", StringComparison.Ordinal);
}

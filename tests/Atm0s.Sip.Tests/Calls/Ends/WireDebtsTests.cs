using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Network;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Ends;

/// <summary>
/// Every end of a call in every state it can be in: each INVITE has one final response, a CANCEL or BYE goes out where one is due and only
/// then, the host hears of one end, and nothing stays (RFC 3261 §9, §13.3, §15).
/// </summary>
[SingleThreaded]
public sealed class WireDebtsTests
{
    private static IEnumerable<TestCaseData> Table =>
        from scene in Enum.GetValues<CallScene>()
        from ending in Enum.GetValues<CallEnding>()
        // Nobody has been called yet, who could end it.
        where (scene, ending) is not (CallScene.OutJoining, CallEnding.PhoneEnds or CallEnding.BothAtOnce or CallEnding.ConnectionLost)
        select new TestCaseData(scene, ending);

    private static IEnumerable<CallScene> Scenes => Enum.GetValues<CallScene>();

    [TestCaseSource(nameof(Table))]
    public async Task EveryDebtIsSettledOnce(object scene, object ending) => await Play((CallScene)scene, (CallEnding)ending);

    [TestCaseSource(nameof(Scenes))]
    public async Task ServerThatStops_WaitsForASilentPhoneItsTime_AndNoLonger(object scene)
    {
        await using var player = new ScenePlayer((CallScene)scene, SipTransportProtocol.Udp);
        player.Play();
        var call = player.All.Call;
        var command = call.HoldAsync();
        var stopping = player.All.Server.StopAsync();
        player.All.World.Complete(stopping, TimeSpan.FromSeconds(32));
        Assert.That((call.State, call.Ended.IsCompleted, command.IsCompleted), Is.EqualTo((CallState.Ended, true, true)));
        player.All.World.RunUntil(() => player.All.Host.Events.OfType<CallEvent.Ended>().Any());
        Assert.That(player.All.World.MediaNetwork.OpenSockets, Is.Zero);
        Assert.That(player.All.Host.Events.Count(e => e is CallEvent.Ended), Is.EqualTo(1));
        player.All.AssertThatNothingFailed();
    }

    private static async Task Play(CallScene scene, CallEnding ending)
    {
        await using var player = new ScenePlayer(
            scene, ending == CallEnding.ConnectionLost ? SipTransportProtocol.Tcp : SipTransportProtocol.Udp);
        player.Play();
        player.End(ending);
        var all = player.All;
        var sent = all.World.Network.Sent;

        AssertThatEachInviteHasOneFinal(all, sent, scene, ending);
        Assert.That(Ours(sent, "CANCEL"), Is.EqualTo(CancelsDue(scene, ending)), () => Trace(sent));
        Assert.That(Ours(sent, "BYE"), Is.EqualTo(ByesDue(scene, ending)), () => Trace(sent));
        AssertThatNoByeComesBeforeTheAck(all, sent, scene, ending);
        Assert.That(all.Host.Events.Select(e => e.GetType()).Where(t => t == typeof(CallEvent.Connecting) || t == typeof(CallEvent.Ended)),
            Is.EqualTo(new[] { typeof(CallEvent.Connecting), typeof(CallEvent.Ended) }));
        Assert.That((all.Host.Events[0].GetType().Name, all.Host.Events[^1].GetType().Name), Is.EqualTo(("Connecting", "Ended")));
        Assert.That(all.Log.Written.Count(id => id is 1100 or 1101 or 2027 or 2028), Is.EqualTo(ending == CallEnding.Exception ? 1 : 0),
            () => string.Join("\n", all.Log.Exceptions));
        if (ending == CallEnding.ServerStops)
        {
            Assert.That(all.World.MediaNetwork.OpenSockets, Is.Zero);
            return;
        }

        Assert.That(all.Left, Is.EqualTo((0, 0, 0, 0, 0)));
        // The server stops at once.
        all.World.Complete(all.Server.StopAsync(), TimeSpan.FromSeconds(0.1));
    }

    private static int CancelsDue(CallScene scene, CallEnding ending) => ending switch
    {
        CallEnding.PhoneEnds or CallEnding.ConnectionLost => 0,
        CallEnding.TimeOut or CallEnding.BothAtOnce when scene == CallScene.OutCalling => 0,
        _ => ScenePlayer.IsRingingOut(scene) || scene == CallScene.OutCalling ? 1 : 0,
    };

    private static int ByesDue(CallScene scene, CallEnding ending)
    {
        if (!ScenePlayer.IsConfirmed(scene) || ending == CallEnding.PhoneEnds)
            return 0;
        // Whom our 200 can't reach any more knows of no dialog, and who says BYE meanwhile needs none of ours.
        return (scene, ending) is (CallScene.Unacknowledged, CallEnding.ConnectionLost or CallEnding.BothAtOnce) ? 0 : 1;
    }

    private static int? FinalDue(CallScene scene, CallEnding ending) => ending switch
    {
        _ when !ScenePlayer.IsIncoming(scene) || ScenePlayer.IsConfirmed(scene) => null,
        CallEnding.HostHangsUp or CallEnding.BothAtOnce or CallEnding.RoomRemoved => 480,
        CallEnding.PhoneEnds => 487,
        CallEnding.Exception => 500,
        CallEnding.ServerStops => 503,
        CallEnding.ConnectionLost => null,
        _ => scene switch
        {
            CallScene.Asking or CallScene.Joining => 503,
            CallScene.Locating => 488,
            CallScene.Ringing => 480,
            _ => 504,
        },
    };

    private static void AssertThatEachInviteHasOneFinal(DialogWorld all, List<Packet> sent, CallScene scene, CallEnding ending)
    {
        var invites = sent.Where(p => p.Source.Equals(all.Phone.EndPoint) && p.Text.StartsWith("INVITE ", StringComparison.Ordinal))
            .Select(p => new SipText(p.Text)).DistinctBy(m => m["Via"]).ToArray();
        var finals = sent.Where(
            p => p.Source.Equals(VirtualWorld.ServerEndPoint) && p.Text.StartsWith("SIP/2.0 ", StringComparison.Ordinal))
            .Select(p => new SipText(p.Text)).Where(m => m.Method == "INVITE" && m.Status >= 200).ToArray();
        var last = 0;
        foreach (var invite in invites)
        {
            var branch = SipText.Parameter(invite["Via"], "branch");
            var mine = finals.Where(m => SipText.Parameter(m["Via"], "branch") == branch).Select(m => m.Raw).Distinct().ToArray();
            Assert.That(
                mine, ending == CallEnding.ConnectionLost ? Has.Length.LessThanOrEqualTo(1) : Has.Length.EqualTo(1), () => Trace(sent));
            last = mine.Length == 0 ? 0 : new SipText(mine[0]).Status;
        }

        if (FinalDue(scene, ending) is { } due)
            Assert.That(last, Is.EqualTo(due));
    }

    // RFC 3261 §15: the called side waits for it, or for its time to pass.
    private static void AssertThatNoByeComesBeforeTheAck(DialogWorld all, List<Packet> sent, CallScene scene, CallEnding ending)
    {
        if (scene != CallScene.Unacknowledged || ByesDue(scene, ending) == 0)
            return;
        var ok = sent.First(
            p => p.Text.StartsWith("SIP/2.0 200", StringComparison.Ordinal) && p.Text.Contains("INVITE\r\n", StringComparison.Ordinal));
        var bye = sent.First(p => p.Text.StartsWith("BYE", StringComparison.Ordinal));
        var ack = sent.FirstOrDefault(p => p.Source.Equals(all.Phone.EndPoint)
            && p.Text.StartsWith("ACK", StringComparison.Ordinal) && p.Time > ok.Time);
        if (ending == CallEnding.TimeOut)
            Assert.That(bye.Time - ok.Time, Is.GreaterThan(TimeSpan.FromSeconds(31)));
        else
            Assert.That(bye.Time, Is.GreaterThan(ack!.Time));
    }

    private static int Ours(List<Packet> sent, string method) =>
        sent.Where(p => p.Source.Equals(VirtualWorld.ServerEndPoint) && p.Text.StartsWith(method + " ", StringComparison.Ordinal))
            .Select(p => new SipText(p.Text)["Via"]).Distinct().Count();

    private static string Trace(List<Packet> sent) => string.Join("\n", sent.TakeLast(40));
}

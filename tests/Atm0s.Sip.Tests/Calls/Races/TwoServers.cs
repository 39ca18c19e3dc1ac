using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Network;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Calls.Races;

/// <summary>Two servers in one world that call each other, over UDP or TCP: each is the other's phone, with all its repetitions.</summary>
internal sealed class TwoServers : IAsyncDisposable
{
    /// <summary>A network that loses, doubles and overtakes.</summary>
    public static readonly LinkConditions Bad = new() { Loss = 0.1, Duplication = 0.15, Reordering = 0.2 };

    public TwoServers(int seed, Action<SipServerOptions>? configure = null)
    {
        World = new VirtualWorld(seed);
        A = Start("10.0.0.1:5060", configure);
        // The address of the first is taken, so it has the next port.
        B = Start("10.0.0.1:5061", configure);
    }

    public VirtualWorld World { get; }

    public ServerSide A { get; }

    public ServerSide B { get; }

    public bool IsTcp { get; init; }

    /// <summary>One side calls the other.</summary>
    public ISipCall Call(ServerSide from, string room = "room", OutgoingCallOptions? options = null)
    {
        var to = ReferenceEquals(from, A) ? B : A;
        var target = $"sip:open-1@{to.Address}{(IsTcp ? ";transport=tcp" : "")}";
        return World.Await(from.Server.CallServerAsync(room, target, "open-0", options).AsTask());
    }

    /// <summary>A call that is up on both sides, over a network that loses nothing.</summary>
    public (ISipCall OfA, ISipCall OfB) Up(OutgoingCallOptions? options = null)
    {
        var ofA = Call(A, options: options);
        World.RunUntil(() => ofA.State == CallState.Answered && B.Find(ofA.Info.SipCallId)?.State == CallState.Answered);
        Advance(0.1);
        return (ofA, B.Find(ofA.Info.SipCallId)!);
    }

    public void Advance(double seconds) => World.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Lets time go by in longer steps, where no audio is to be heard.</summary>
    public void Pass(double seconds)
    {
        var stride = TimeSpan.FromMilliseconds(100);
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(seconds); passed += stride)
        {
            World.Time.Advance(stride - VirtualWorld.Step);
            World.Advance(VirtualWorld.Step);
        }
    }

    /// <summary>All calls are over, and nothing of them is left on either side.</summary>
    public void AssertThatNothingStays()
    {
        World.Network.Conditions = new LinkConditions();
        Advance(1);
        Pass(75);
        foreach (var side in new[] { A, B })
        {
            Assert.That(side.Left, Is.EqualTo((0, 0, 0, 0, 0)), Trace);
            side.AssertThatTheStoriesAreWhole();
            side.AssertThatNothingFailed();
        }

        Assert.That(World.MediaNetwork.OpenSockets, Is.Zero);
    }

    /// <summary>Both sides say the same of a call: up, and held, or over.</summary>
    public void AssertThatBothAgree(string sipCallId)
    {
        var (ofA, ofB) = (A.Find(sipCallId), B.Find(sipCallId));
        Assert.That((ofA?.State, ofB?.State), Is.EqualTo((ofA?.State, ofA?.State)), Trace);
        if (ofA is not { State: CallState.Answered })
            return;
        // Who wants to say nothing is not told whether the other would hear it.
        if (!ofB!.IsOnHold)
            Assert.That(B.IsHeldByPeer(ofB.Id), Is.EqualTo(ofA.IsOnHold), Trace);
        if (!ofA.IsOnHold)
            Assert.That(A.IsHeldByPeer(ofA.Id), Is.EqualTo(ofB.IsOnHold), Trace);
    }

    public string Trace() => string.Join("\n", World.Network.Sent.TakeLast(60));

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private ServerSide Start(string address, Action<SipServerOptions>? configure)
    {
        var log = new FaultyLog(0) { IsArmed = false };
        World.LoggerFactory = log;
        var host = new TestHost { Decide = static (_, _) => ValueTask.FromResult(InviteDecision.JoinRoom("room")) };
        var server = World.StartServer(host.Handlers, options =>
        {
            options.ShardCount = 1;
            options.Authentication.OpenNumberPrefixes.Add("open-");
            options.Calls.AloneTimeout = TimeSpan.Zero;
            options.Calls.MaxUnverifiedPerSource = 10_000;
            options.Calls.MaxUnconfirmedPerSource = 1_000;
            options.Media.Codecs.Clear();
            options.Media.Codecs.Add("PCMA");
            options.Media.Timeout = TimeSpan.Zero;
            options.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint);
            configure?.Invoke(options);
        });
        return new ServerSide(server, host, log, address);
    }
}

using System.Text.RegularExpressions;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>A server of one shard with a log that is looked at, and one scripted phone that calls and is called.</summary>
internal sealed class DialogWorld : IAsyncDisposable
{
    private readonly SipTransportProtocol _protocol;
    private int _calls;

    public DialogWorld(
        Action<SipServerOptions>? configure = null,
        SipTransportProtocol protocol = SipTransportProtocol.Udp,
        int seed = 1,
        int throwsAt = 0,
        IRoomProvider? rooms = null)
    {
        _protocol = protocol;
        World = new VirtualWorld(seed);
        Log = new FaultyLog(throwsAt) { IsArmed = false };
        World.LoggerFactory = Log;
        var handlers = new SipServerHandlers { Auth = Host, Invite = Host, Registrations = Host, Calls = Host, Rooms = rooms };
        Server = World.StartServer(handlers, options =>
        {
            options.ShardCount = 1;
            options.Authentication.OpenNumberPrefixes.Add("open-");
            options.Calls.AloneTimeout = TimeSpan.Zero;
            options.Media.Timeout = TimeSpan.Zero;
            if (protocol == SipTransportProtocol.Tcp)
                options.Listen(protocol, VirtualWorld.ServerEndPoint);
            configure?.Invoke(options);
        });
        Phone = new ScriptedPhone(World, "bob", "10.0.2.2", protocol: protocol);
    }

    public VirtualWorld World { get; }

    public TestHost Host { get; } = new();

    public SipServer Server { get; }

    public ScriptedPhone Phone { get; }

    public FaultyLog Log { get; }

    /// <summary>The only call with the phone.</summary>
    public ISipCall Call => Server.Calls.Single(c => c.Info.Direction == CallDirection.Outgoing || c.Info.From == Phone.User);

    /// <summary>Kinds of the events so far.</summary>
    public string Story => string.Join(' ', Host.Events.Select(e => e.GetType().Name));

    /// <summary>Why the only call ended.</summary>
    public CallEndCause? Cause => Host.Events.OfType<CallEvent.Ended>().SingleOrDefault()?.Cause;

    /// <summary>What is there: transactions, dialogs, calls, rooms, sockets of audio.</summary>
    public (int Transactions, int Dialogs, int Calls, int Rooms, int Sockets) Left
    {
        get
        {
            var shard = Server.Parts.Stack.Shards[0];
            return (
                shard.Transactions.ServerCount + shard.Transactions.ClientCount,
                shard.Dialogs.Count,
                Server.Calls.Count,
                Server.Rooms.Count,
                World.MediaNetwork.OpenSockets - Sockets);
        }
    }

    /// <summary>Sockets of audio that the test itself has.</summary>
    public int Sockets { get; set; }

    /// <summary>The phone calls; sent with credentials, no more.</summary>
    public SipText Dial(string? sdp = null, string extra = "", string to = "room1")
    {
        var callId = $"in{++_calls}";
        Phone.Send(Phone.Request("INVITE", to, callId, sdp ?? Phone.Sdp, Phone.Contact() + extra));
        var challenge = Phone.WaitFor(m => m.IsResponse && m.Status == 401 && m["Call-ID"] == callId);
        var invite = Phone.Request(
            "INVITE", to, callId, sdp ?? Phone.Sdp, Phone.Contact() + extra + Phone.Authorize(challenge, "INVITE", $"sip:{to}@test.local"));
        Phone.Received.Clear();
        Phone.Send(invite);
        return new SipText(invite);
    }

    /// <summary>The server calls the phone; the INVITE that comes.</summary>
    public SipText Ring(OutgoingCallOptions? options = null, string room = "room1")
    {
        if (Server.Registrations.Count == 0)
            Assert.That(Phone.Register().Status, Is.EqualTo(200));
        Phone.Received.Clear();
        World.Await(Server.CallClientAsync(room, Server.FindRegistrations("bob")[0].SessionId, "1001", options).AsTask());
        return Phone.WaitForRequest("INVITE");
    }

    /// <summary>A call that is up.</summary>
    /// <param name="isIncoming">Whether the phone has called.</param>
    /// <param name="extra">More header fields of the phone's INVITE or 200.</param>
    /// <param name="sdp">The phone's description.</param>
    /// <param name="options">Of an outgoing call.</param>
    public PhoneDialog Up(bool isIncoming, string extra = "", string? sdp = null, OutgoingCallOptions? options = null)
    {
        PhoneDialog dialog;
        if (isIncoming)
        {
            var invite = Dial(sdp, extra);
            var ok = Phone.WaitForResponse("INVITE", 200);
            dialog = PhoneDialog.OfCaller(Phone, invite, ok);
            dialog.Ack(invite, ok);
        }
        else
        {
            var invite = Ring(options);
            Phone.Respond(invite, 200, "OK", sdp ?? Phone.Sdp, extra: extra);
            Phone.WaitForRequest("ACK");
            dialog = PhoneDialog.OfCalled(Phone, invite);
        }

        Advance(0.05);
        Phone.Received.Clear();
        return dialog;
    }

    /// <summary>Lets time go by, in seconds.</summary>
    public void Advance(double seconds) => World.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Moves the clock in strides: for hours in which nothing is to be heard.</summary>
    public void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            World.Time.Advance(TimeSpan.FromSeconds(1) - VirtualWorld.Step);
            World.Advance(VirtualWorld.Step);
        }
    }

    /// <summary>Responses that the phone has had to a method, without challenges.</summary>
    public int[] Statuses(string method, int from = 200) =>
        [.. Phone.Received.Where(m => m.IsResponse && m.Method == method && m.Status >= from && m.Status != 401).Select(m => m.Status)];

    /// <summary>Different requests of a method that the phone has had.</summary>
    public int Requests(string method) =>
        Phone.Received.Where(m => !m.IsResponse && m.Method == method).Select(m => m["Via"]).Distinct().Count();

    /// <summary>Nothing is left of any call, now or after the last timer of SIP, and no line of the log tells of an error.</summary>
    public void AssertThatNothingStays()
    {
        Assert.That((Server.Calls.Count, Server.Rooms.Count), Is.EqualTo((0, 0)));
        Advance(40);
        Assert.That(Left, Is.EqualTo((0, 0, 0, 0, 0)));
        AssertThatNothingFailed();
    }

    /// <summary>No line of the log tells of an error inside the server.</summary>
    public void AssertThatNothingFailed() =>
        Assert.That(Log.Written.Where(id => id is 1100 or 1101 or 2027 or 2028), Is.Empty, () => string.Join("\n", Log.Exceptions));

    /// <summary>Direction in a description.</summary>
    public static string DirectionOf(string sdp) => Regex.Match(sdp, "a=(sendrecv|sendonly|recvonly|inactive)").Groups[1].Value;

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

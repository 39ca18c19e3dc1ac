using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A server with one shard, numbers that begin with "open-" for everybody, and two phones.</summary>
internal sealed class SignallingWorld : IAsyncDisposable
{
    public SignallingWorld(Action<SipServerOptions>? configure = null, ILoggerFactory? log = null)
    {
        World.LoggerFactory = log ?? NullLoggerFactory.Instance;
        Server = World.StartServer(Host.Handlers, options =>
        {
            options.ShardCount = 1;
            options.Authentication.OpenNumberPrefixes.Add("open-");
            configure?.Invoke(options);
        });
        Alice = new ScriptedPhone(World, "alice", "10.0.2.1");
        Stranger = new ScriptedPhone(World, "stranger", "10.66.6.6");
    }

    public VirtualWorld World { get; } = new();

    public TestHost Host { get; } = new();

    public SipServer Server { get; }

    public ScriptedPhone Alice { get; }

    public ScriptedPhone Stranger { get; }

    /// <summary>Server transactions of the only shard.</summary>
    public int ServerTransactions => Server.Parts.Stack.Shards[0].Transactions.ServerCount;

    /// <summary>Server transactions, dialogs, calls and rooms that are there.</summary>
    public (int Transactions, int Dialogs, int Calls, int Rooms) Left =>
        (ServerTransactions, Server.Parts.Stack.Shards[0].Dialogs.Count, Server.Calls.Count, Server.Rooms.Count);

    /// <summary>A call of Alice's that is answered and acknowledged.</summary>
    public (SipText Invite, SipText Ok) Answered(string callId = "c1", string to = "room1")
    {
        var invite = Alice.Invite(to, callId);
        var ok = Alice.WaitFor(m => m.IsResponse && m.Method == "INVITE" && m.Status == 200 && m["Call-ID"] == callId);
        Alice.Ack(invite, ok);
        World.Advance(TimeSpan.FromMilliseconds(50));
        return (invite, ok);
    }

    /// <summary>A call to a number that is open to everybody, from a phone without a password. Sent, no more.</summary>
    public static SipText CallOpen(ScriptedPhone phone, string number, string callId)
    {
        var invite = phone.Request("INVITE", number, callId, phone.Sdp, phone.Contact());
        phone.Send(invite);
        return new SipText(invite);
    }

    /// <summary>Final responses that a phone has to its INVITEs, without challenges.</summary>
    public static int[] Finals(ScriptedPhone phone) =>
        [.. phone.Received.Where(m => m.IsResponse && m.Method == "INVITE" && m.Status is >= 200 and not 401).Select(m => m.Status)];

    /// <summary>Requests of a method that a phone has got.</summary>
    public static int Requests(ScriptedPhone phone, string method) => phone.Received.Count(m => !m.IsResponse && m.Method == method);

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

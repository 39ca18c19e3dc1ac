using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A server with one shard, numbers that begin with "open-" for everybody, and two phones.</summary>
internal sealed class SignallingWorld : IAsyncDisposable
{
    public SignallingWorld(Action<SipServerOptions>? configure = null)
    {
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

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

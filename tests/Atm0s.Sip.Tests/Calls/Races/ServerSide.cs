using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Calls.Races;

/// <summary>One of two servers that call each other.</summary>
/// <param name="server">The server.</param>
/// <param name="host">What it is told and asks.</param>
/// <param name="log">What it writes down.</param>
/// <param name="address">Where it listens.</param>
internal sealed class ServerSide(SipServer server, TestHost host, FaultyLog log, string address)
{
    public SipServer Server => server;

    public TestHost Host => host;

    public FaultyLog Log => log;

    public string Address => address;

    /// <summary>Transactions, dialogs, calls, rooms and ringing that are there.</summary>
    public (int Transactions, int Dialogs, int Calls, int Rooms, int Rings) Left
    {
        get
        {
            var shard = server.Parts.Stack.Shards[0];
            return (
                shard.Transactions.ServerCount + shard.Transactions.ClientCount,
                shard.Dialogs.Count,
                server.Calls.Count,
                server.Rooms.Count,
                server.Parts.Calls.All.Select(c => c.Services.Rings.Count).FirstOrDefault());
        }
    }

    /// <summary>The call of this side that belongs to a SIP dialog, or null.</summary>
    public ISipCall? Find(string sipCallId) => server.Calls.SingleOrDefault(c => c.Info.SipCallId == sipCallId);

    /// <summary>Whether the phone of a call holds us, as the host was told.</summary>
    public bool IsHeldByPeer(string callId) => host.Events.LastOrDefault(e => e.Call.CallId == callId && e switch
    {
        CallEvent.Held held => !held.ByHost,
        CallEvent.Resumed resumed => !resumed.ByHost,
        _ => false,
    }) is CallEvent.Held;

    /// <summary>Each call has begun once and ended once, was answered at most once, and was held and resumed in turns.</summary>
    public void AssertThatTheStoriesAreWhole()
    {
        foreach (var call in host.Events.GroupBy(e => e.Call.CallId))
        {
            var kinds = call.Select(e => e.GetType().Name).ToArray();
            Assert.That((kinds[0], kinds[^1]), Is.EqualTo(("Connecting", "Ended")), () => string.Join(' ', kinds));
            foreach (var once in new[] { "Connecting", "Ringing", "Answered", "Ended" })
                Assert.That(kinds.Count(k => k == once), Is.LessThanOrEqualTo(1), () => string.Join(' ', kinds));
            foreach (var byHost in new[] { true, false })
            {
                var holds = call.Where(e => e is CallEvent.Held h && h.ByHost == byHost || e is CallEvent.Resumed r && r.ByHost == byHost)
                    .Select(e => e is CallEvent.Held).ToArray();
                for (var i = 0; i < holds.Length; i++)
                    Assert.That(holds[i], Is.EqualTo(i % 2 == 0), () => string.Join(' ', kinds));
            }
        }
    }

    /// <summary>No line of the log tells of an error inside the server.</summary>
    public void AssertThatNothingFailed() =>
        Assert.That(log.Written.Where(id => id is 1100 or 1101 or 2027 or 2028), Is.Empty, () => string.Join("\n", log.Exceptions.Take(3)));
}

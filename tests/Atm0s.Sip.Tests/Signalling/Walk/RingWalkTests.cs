using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Network;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling.Walk;

/// <summary>
/// Callers, users with one to three phones and a handler that rings them, all by chance, on a bad network: whatever they do to each
/// other, nothing stays behind.
/// </summary>
[SingleThreaded]
public sealed class RingWalkTests
{
    private const int Calls = 100;
    private const int Users = 5;

    private readonly List<WalkCallee> _callees = [];
    private readonly HashSet<WalkCallee> _reset = [];
    private Random _random = null!;
    private SignallingWorld _all = null!;
    private WalkCaller _caller = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void NothingStays([Range(1, 20)] int seed)
    {
        Begin(seed);
        for (var i = 0; i < Calls; i++)
        {
            _caller.Call($"open-user{_random.Next(Users + 1)}", $"call-{seed}-{i}");
            Run(TimeSpan.FromMilliseconds(_random.Next(400)));
            if (_random.Next(10) == 0 && _all.Server.Calls.Count > 0)
                _ = _all.Server.Calls.ElementAt(_random.Next(_all.Server.Calls.Count)).HangUpAsync();
        }

        // Who still speaks is hung up on in the end, and BYEs have their time.
        Run(TimeSpan.FromSeconds(75));
        foreach (var call in _all.Server.Calls)
            _ = call.HangUpAsync();
        Run(TimeSpan.FromSeconds(80));

        TestContext.Out.WriteLine($"{Tell(_callees.SelectMany(c => c.Done))}; finals {Tell(_caller.Finals)}");
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
        Assert.That(_all.Server.Parts.Stack.Shards[0].Transactions.ClientCount, Is.Zero);
        Assert.That(_all.Server.Parts.Rings.Count, Is.Zero, "who rings for whom");
        Assert.That(_all.World.MediaNetwork.OpenSockets, Is.Zero);
        Assert.That(_all.Server.Parts.Calls.WhenQuietAsync().IsCompleted, Is.True, "nothing is owed");
        Assert.That(_caller.Open, Is.Zero, "every caller has a final response, and nobody speaks with nobody");
        Assert.That(_callees.Where(c => !_reset.Contains(c)).Sum(c => c.Up), Is.Zero, "no phone believes that it is in a call");
        AssertThatEveryCallEndedOnce();
    }

    private static string Tell<T>(IEnumerable<KeyValuePair<T, int>> counts) =>
        string.Join(", ", counts.GroupBy(c => c.Key, c => c.Value).Select(g => $"{g.Key}: {g.Sum()}"));

    private void AssertThatEveryCallEndedOnce()
    {
        foreach (var call in _all.Host.Events.GroupBy(e => e.Call.CallId))
        {
            var kinds = call.Select(e => e.GetType().Name).ToList();
            Assert.That(kinds.Count(k => k == "Ended"), Is.EqualTo(1), string.Join(' ', kinds));
            Assert.That(kinds[^1], Is.EqualTo("Ended"), string.Join(' ', kinds));
            Assert.That(kinds.Count(k => k == "Answered"), Is.LessThanOrEqualTo(1), string.Join(' ', kinds));
        }
    }

    private void Begin(int seed)
    {
        _random = new Random(seed);
        _callees.Clear();
        _reset.Clear();
        _all = new SignallingWorld(options => options.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint));
        _all.Host.Decide = DecideAsync;
        _caller = new WalkCaller(_all.World, _all.Stranger, _random);
        for (var user = 0; user < Users; user++)
        {
            for (var i = _random.Next(3); i >= 0; i--)
                AddPhone($"user{user}", $"10.0.{10 + user}.{i + 1}");
        }

        _all.World.Network.Conditions = new LinkConditions { Loss = 0.04, Duplication = 0.05, Reordering = 0.1 };
    }

    private void AddPhone(string user, string host)
    {
        var protocol = _random.Next(4) == 0 ? SipTransportProtocol.Tcp : SipTransportProtocol.Udp;
        var phone = new ScriptedPhone(_all.World, user, host, protocol: protocol);
        var transport = protocol == SipTransportProtocol.Tcp ? ";transport=tcp" : "";
        var contact = $"Contact: <sip:{user}@{phone.Address}{transport}>;q=0.{_random.Next(1, 9)}\r\n";
        Assert.That(phone.Register(3600, contact: contact, callId: "register-" + host).Status, Is.EqualTo(200));
        phone.Received.Clear();
        _callees.Add(new WalkCallee(_all.World, phone, _random, ForwardTo, Reset));
    }

    // A user of ours, a phone of his, or nobody.
    private string ForwardTo() => _random.Next(4) switch
    {
        0 => $"<sip:user{_random.Next(Users + 2)}@test.local>",
        1 => $"<sip:nobody@10.9.9.{_random.Next(1, 9)}>",
        2 => $"<sip:user{_random.Next(Users)}@test.local>;q=0.3, <sip:x@{_callees[_random.Next(_callees.Count)].Phone.Address}>",
        _ => $"<sip:x@{_callees[_random.Next(_callees.Count)].Phone.Address}>",
    };

    private void Reset(WalkCallee callee)
    {
        _reset.Add(callee);
        _all.World.Network.BreakConnection(VirtualWorld.ServerEndPoint, callee.Phone.EndPoint);
    }

    private async ValueTask<InviteDecision> DecideAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        var (room, user, mode) = (invite.CallId, invite.To["open-".Length..], _random.Next(20));
        if (mode == 0)
            return InviteDecision.Reject(486);
        if (mode < 8)
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(mode == 1 ? 15_000 : 1500)), _all.World.Time, CancellationToken.None);
        var options = new OutgoingCallOptions
        {
            ForCallId = _random.Next(3) > 0 ? invite.CallId : null,
            RingOrder = _random.Next(2) == 0 ? RingOrder.AllAtOnce : RingOrder.ByPriority,
            RingTimePerGroup = TimeSpan.FromSeconds(_random.Next(1, 4)),
            RingTimeout = TimeSpan.FromSeconds(_random.Next(2, 12)),
            MaxRedirects = _random.Next(6),
            EarlyMedia = _random.Next(2) == 0,
        };
        await _all.Server.CallUserAsync(room, user, "1001", options, CancellationToken.None);
        if (mode == 8)
            throw new InvalidOperationException("a handler that fails after it has rung somebody");
        if (mode < 12)
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(3000)), _all.World.Time, CancellationToken.None);
        return mode == 12 ? InviteDecision.JoinRoom(room, endWhenOthersLeave: true) : InviteDecision.WaitForOthers(room);
    }

    private void Run(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(20))
        {
            _all.World.Advance(TimeSpan.FromMilliseconds(20));
            _caller.Step();
            foreach (var callee in _callees)
                callee.Step();
        }
    }
}

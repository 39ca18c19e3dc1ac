using System.Net;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Network;

namespace Atm0s.Sip.Tests.Calls.Races;

/// <summary>
/// Two servers do to each other by chance whatever a host can do: call, answer, refuse, hold, resume, move, press keys, hang up. The
/// network loses, doubles, overtakes and breaks connections.
/// </summary>
internal sealed class RandomWalk : IAsyncDisposable
{
    private const int MaxCalls = 8;

    private readonly Random _random;
    private readonly TwoServers _all;
    private readonly List<(string Name, Task<CallCommandResult> Task)> _commands = [];
    private readonly SortedDictionary<string, int> _told = [];

    public RandomWalk(int seed)
    {
        _random = new Random(seed);
        _all = new TwoServers(seed, options =>
        {
            options.Calls.SessionInterval = seed % 3 == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(90);
            options.Calls.WaitForOthersTimeout = options.Calls.RingTimeout = TimeSpan.FromSeconds(8);
            options.HandlerTimeout = TimeSpan.FromSeconds(2);
        })
        {
            IsTcp = seed % 4 == 0,
        };
        _all.A.Host.Decide = _all.B.Host.Decide = (_, cancellation) => Decide(cancellation);
    }

    /// <summary>Calls that were made.</summary>
    public int Calls { get; private set; }

    public void Walk(int calls)
    {
        while (Calls < calls)
        {
            if (_random.Next(10) == 0)
                _all.World.Network.Conditions = _random.Next(3) == 0 ? new LinkConditions() : TwoServers.Bad;
            if (_all.A.Server.Calls.Count < MaxCalls && _random.Next(4) == 0)
                Dial();
            else if (Pick() is { } call)
                Command(call);
            if (_all.IsTcp && _random.Next(40) == 0)
                Break();
            // Mostly within a round trip, now and then until something has timed out.
            _all.Advance(_random.Next(6) switch { 0 => 0.5, 1 => 0.05, _ => 0.005 * _random.Next(5) });
            if (_random.Next(150) == 0)
                _all.Pass(_random.Next(60));
            if (_random.Next(60) == 0)
                Settle();
            _all.World.Network.Sent.Clear();
        }

        End();
    }

    public ValueTask DisposeAsync() => _all.DisposeAsync();

    private async ValueTask<InviteDecision> Decide(CancellationToken cancellation)
    {
        if (_random.Next(3) == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(3000)), _all.World.Time, cancellation);
        var room = $"room{_random.Next(3)}";
        return _random.Next(8) switch
        {
            0 => InviteDecision.Reject(486),
            1 => throw new InvalidOperationException("the host fails"),
            2 or 3 => InviteDecision.WaitForOthers(room, earlyMedia: _random.Next(2) == 0),
            _ => InviteDecision.JoinRoom(room, endWhenOthersLeave: _random.Next(2) == 0),
        };
    }

    private void Dial()
    {
        Calls++;
        var from = _random.Next(2) == 0 ? _all.A : _all.B;
        _all.Call(from, $"room{_random.Next(3)}", new OutgoingCallOptions { EarlyMedia = _random.Next(2) == 0 });
    }

    private ISipCall? Pick()
    {
        var calls = (_random.Next(2) == 0 ? _all.A : _all.B).Server.Calls;
        return calls.Count == 0 ? null : calls.OrderBy(c => c.Id, StringComparer.Ordinal).ElementAt(_random.Next(calls.Count));
    }

    private void Command(ISipCall call)
    {
        (string Name, Task<CallCommandResult> Task) command = _random.Next(12) switch
        {
            0 or 1 or 2 => ("hold", call.HoldAsync(_random.Next(2) == 0 ? new ToneEndpoint(600) : null)),
            3 or 4 or 5 => ("resume", call.ResumeAsync()),
            6 or 7 => ("answer", call.AnswerAsync()),
            8 => ("move", call.MoveToRoomAsync($"room{_random.Next(3)}")),
            9 => ("keys", call.SendDtmfAsync("12")),
            10 => ("reject", call.RejectAsync(603)),
            _ => ("hang up", call.HangUpAsync()),
        };
        _commands.Add(command);
    }

    private void Break()
    {
        foreach (var side in new[] { _all.A, _all.B })
        {
            foreach (var port in new[] { 5060, 5061 })
                _all.World.Network.BreakConnection(
                    IPEndPoint.Parse(side.Address), new IPEndPoint(VirtualWorld.ServerEndPoint.Address, port));
        }
    }

    // Nothing is asked for any more: what is up is the same for both sides.
    private void Settle()
    {
        _all.World.Network.Conditions = new LinkConditions();
        _all.Pass(80);
        foreach (var (name, task) in _commands)
        {
            Assert.That(task.IsCompleted, Is.True, () => $"nobody answers the command to {name}");
            Count($"{name} {task.Result}");
        }

        _commands.Clear();
        foreach (var call in _all.A.Server.Calls.Concat(_all.B.Server.Calls).Select(c => c.Info.SipCallId).Distinct())
        {
            _all.AssertThatBothAgree(call);
            Count("agreed on");
        }

        _all.A.AssertThatNothingFailed();
        _all.B.AssertThatNothingFailed();
    }

    private void Count(string what) => _told[what] = _told.GetValueOrDefault(what) + 1;

    private void End()
    {
        Settle();
        foreach (var call in _all.A.Server.Calls.Concat(_all.B.Server.Calls))
            _ = call.HangUpAsync();
        _all.AssertThatNothingStays();
        foreach (var ended in _all.A.Host.Events.Concat(_all.B.Host.Events).OfType<CallEvent.Ended>())
            Count($"ended {ended.Cause}");
        TestContext.Out.WriteLine(string.Join(", ", _told.Select(t => $"{t.Key}: {t.Value}")));
    }
}

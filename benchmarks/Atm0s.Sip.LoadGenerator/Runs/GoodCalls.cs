using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>
/// The control group beside every attack: 20 users who are registered and call all the time, with audio both ways, and one OPTIONS a
/// second. They have addresses of their own.
/// </summary>
internal sealed class GoodCalls
{
    /// <summary>How many calls there are at one time.</summary>
    public const int Count = 20;

    private const double HoldSeconds = 2;
    private readonly TrafficLoop _loop;
    private readonly Workload _register;

    /// <param name="loop">Where they run.</param>
    /// <param name="server">The server.</param>
    /// <param name="firstSource">The first of their addresses.</param>
    /// <param name="sources">How many they have: 1 is all behind one NAT.</param>
    public GoodCalls(TrafficLoop loop, ServerUnderTest server, int firstSource = 0, int sources = Count)
    {
        _loop = loop;
        var now = Clock.Now;
        _register = new Workload(new RegisterScript(server.Target))
        {
            Limit = Count, Users = (0, Count), Sources = (firstSource, sources), MaxOutstanding = 5,
        };
        Calls = new Workload(new CallScript(server.Target, new CallPlan(
            server.ClosedNumber, Rooms: 5, Hold: (long)(HoldSeconds * Clock.Second), SendsAudio: true)))
        {
            // Set up one after another, so that no moment is left out.
            Pacer = new Pacer(Count / (HoldSeconds + 0.2), now),
            MaxOutstanding = 4 * Count,
            Users = (0, Count),
            Sources = (firstSource, sources),
        };
        Pings = new Workload(new OptionsScript(server.Target))
        {
            Pacer = new Pacer(1, now), Users = (0, Count), Sources = (firstSource, sources),
        };
    }

    public Workload Calls { get; }

    public Workload Pings { get; }

    /// <summary>Registers the users, then begins to call.</summary>
    /// <exception cref="InvalidOperationException">They could not register.</exception>
    public void Start()
    {
        _loop.Workloads.Add(_register);
        _loop.Run(Clock.Now + (20 * Clock.Second), () => _register.IsDone);
        if (_register.Tally.Succeeded != Count)
            throw new InvalidOperationException($"The good users could not register: {_register.Tally.FailuresText}");
        Calls.Pacer!.Restart(Clock.Now);
        Pings.Pacer!.Restart(Clock.Now);
        _loop.Workloads.AddRange([Calls, Pings]);
    }

    /// <summary>What came of them since the last time, calls that go on left out.</summary>
    public GoodResult Take()
    {
        var result = new GoodResult(Calls.Tally, Pings.Tally);
        Calls.Tally = new Tally();
        Pings.Tally = new Tally();
        return result;
    }
}

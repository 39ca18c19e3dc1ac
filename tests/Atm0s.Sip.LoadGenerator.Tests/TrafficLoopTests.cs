using Atm0s.Sip.LoadGenerator.Host;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Tests;

/// <summary>The generator against a server in this process, over loopback.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class TrafficLoopTests
{
    private const long Patience = 30 * Clock.Second;
    private SipServer _server = null!;
    private Target _target = null!;

    [SetUp]
    public async Task StartAsync()
    {
        var port = FreePort.Take();
        var options = new SipServerOptions { Realm = "127.0.0.1" };
        options.Listen($"udp://127.0.0.1:{port}");
        options.Media.FirstPort = 21_000;
        options.Media.LastPort = 21_999;
        _server = new SipServer(options, new SipServerHandlers { Auth = new EverybodyHasPassword(), Invite = new EveryNumberIsRoom() });
        await _server.StartAsync();
        _target = new Target(port, "127.0.0.1", user => $"pw-{user}");
    }

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public void Options_FromManySources_AreAllAnswered()
    {
        var tally = Run(new OptionsScript(_target), count: 200, sources: 20);

        Assert.That(tally.Succeeded, Is.EqualTo(200), tally.FailuresText);
        Assert.That(tally.Latency.Count, Is.EqualTo(200));
    }

    [Test]
    public void Register_AnswersTheChallenge()
    {
        var tally = Run(new RegisterScript(_target), count: 50, sources: 5);

        Assert.That(tally.Succeeded, Is.EqualTo(50), tally.FailuresText);
        Assert.That(_server.Registrations, Has.Count.EqualTo(50));
    }

    [Test]
    public void Register_WithAnotherPassword_Fails()
    {
        _target = _target with { Password = _ => "wrong" };

        var tally = Run(new RegisterScript(_target), count: 3, sources: 1);

        Assert.That(tally.Failed, Is.EqualTo(3));
    }

    [Test]
    public void Call_WithAudio_CountsWhatItHears()
    {
        var tally = Run(new CallScript(_target, new CallPlan("room", Hold: Clock.Second, SendsAudio: true)), count: 2, sources: 2);

        Assert.That(tally.Succeeded, Is.EqualTo(2), tally.FailuresText);
        Assert.That(tally.Audio.Calls, Is.EqualTo(2));
        Assert.That(tally.Audio.Received, Is.GreaterThan(50));
        Assert.That(_server.Calls, Is.Empty);
    }

    [Test]
    public void Flood_CountsItsAnswers()
    {
        using var loop = new TrafficLoop(_target);
        var flood = new Flood(_target, FloodKind.Register, new Pacer(500, Clock.Now), (100, 50), "room");
        loop.Floods.Add(flood);
        loop.Run(Clock.Now + Patience, () => flood.Sent >= 100);
        flood.IsStopped = true;
        loop.Run(Clock.Now + Patience, () => flood.Answered >= flood.Sent);

        Assert.That(flood.AnswersText, Is.EqualTo($"401 x {flood.Sent}"));
    }

    private Tally Run(Script script, int count, int sources)
    {
        using var loop = new TrafficLoop(_target, withAudio: true);
        var workload = new Workload(script) { Limit = count, MaxOutstanding = 10, Sources = (0, sources) };
        loop.Workloads.Add(workload);
        loop.Run(Clock.Now + Patience, () => workload.IsDone);
        return workload.Tally;
    }
}

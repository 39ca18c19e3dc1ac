using System.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Tests.Asking;

/// <summary>Handlers that promise not to block are asked on the shard, and those that break the promise are not.</summary>
[SingleThreaded]
public sealed class NonBlockingTests
{
    private const int Demoted = 2014;
    private const int InVain = 2015;

    private HookBench _bench = null!;

    [TearDown]
    public async Task TearDown() => await _bench.DisposeAsync();

    [Test]
    public void MarkedInstance_IsAskedOnTheShard_AfterItsFirstAnswer()
    {
        var users = new MemoryUsers();
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers { Auth = users }));
        for (var i = 0; i < 3; i++)
            _bench.Ask();

        Assert.That(users.WasOnShard, Is.EqualTo(new[] { false, true, true }));
        Assert.That(_bench.Outcomes.Select(o => o.Status), Has.Exactly(3).EqualTo(HookStatus.Answered));
        Assert.That(_bench.Outcomes[2].Answer, Is.SameAs(AuthDecision.Unknown));
    }

    [Test]
    public void UnmarkedInstance_IsNeverAskedOnTheShard()
    {
        var users = new PlainUsers();
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers { Auth = users }));
        for (var i = 0; i < 3; i++)
            _bench.Ask();

        Assert.That(users.WasOnShard, Is.EqualTo(new[] { false, false, false }));
    }

    [Test]
    public void MarkOfABaseClass_IsNoPromiseOfTheDerived()
    {
        var users = new DerivedUsers();
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers { Auth = users }));
        _bench.Ask();
        _bench.Ask();

        Assert.That(users.WasOnShard, Is.EqualTo(new[] { false, false }));
    }

    [Test]
    public void QuestionOnTheShard_AllocatesNoScopeTaskOrLimit()
    {
        var users = new MemoryUsers { Records = false };
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers { Auth = users }));
        _bench.Ask();
        _bench.AskOften(100);
        var each = _bench.AskOften(100) / 100;

        // The question and the delegate that brings its outcome.
        Assert.That(each, Is.LessThan(280));
    }

    [Test]
    public void ScopedHandler_IsAskedElsewhere_AndTheLogSaysWhyOnce()
    {
        var made = new List<MemoryUsers>();
        _bench = new HookBench(Services(s => s.AddScoped<IAuthProvider>(_ =>
        {
            made.Add(new MemoryUsers());
            return made[^1];
        })));
        _bench.Runner.Prepare<IAuthProvider>();
        Assert.That(made, Is.Empty, "none is made for the look at it");
        _bench.Ask();
        _bench.Ask();

        Assert.That(made.SelectMany(m => m.WasOnShard), Is.EqualTo(new[] { false, false }));
        Assert.That(_bench.Log.Written.Count(id => id == InVain), Is.EqualTo(1));
    }

    [Test]
    public void Singleton_IsAskedOnTheShard()
    {
        _bench = new HookBench(Services(s => s.AddSingleton<IAuthProvider, MemoryUsers>()));
        for (var i = 0; i < 3; i++)
            _bench.Ask();

        Assert.That(_bench.Log.Written, Has.None.EqualTo(InVain));
        Assert.That(_bench.Outcomes, Has.Count.EqualTo(3));
    }

    // A container of another make may do otherwise than was registered.
    [Test]
    public void RegisteredAsSingleton_ButMadeAnewForEachScope_IsAskedElsewhere()
    {
        var told = new ServiceCollection().AddSingleton<IAuthProvider, MemoryUsers>();
        var does = new ServiceCollection().AddScoped<IAuthProvider, MemoryUsers>().BuildServiceProvider();
        _bench = new HookBench(HookSource.FromServices(does, told));
        _bench.Ask();
        _bench.Ask();

        Assert.That(_bench.Log.Written.Count(id => id == InVain), Is.EqualTo(1));
    }

    [Test]
    public void SingletonThatCanNotBeMade_IsAnOutcomeOfEachQuestion()
    {
        _bench = new HookBench(Services(s => s.AddSingleton<IAuthProvider>(_ => throw new InvalidOperationException("broken"))));
        _bench.Ask();

        Assert.That(_bench.Outcomes.Single().Status, Is.EqualTo(HookStatus.Failed));
    }

    [Test]
    public void HandlerThatHoldsTheShard_IsAskedElsewhereFromThenOn_AndTheLogSaysSo()
    {
        var users = new MemoryUsers();
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers { Auth = users }));
        _bench.Ask();
        users.Hold = () => _bench.World.Time.Advance(TimeSpan.FromMilliseconds(201));
        _bench.Ask();
        users.Hold = static () => { };
        _bench.Ask();
        _bench.Ask();

        Assert.That(users.WasOnShard, Is.EqualTo(new[] { false, true, false, false }));
        Assert.That(_bench.Log.Written.Count(id => id == Demoted), Is.EqualTo(1));
        Assert.That(_bench.Outcomes, Has.Count.EqualTo(4), "the slow answer counts all the same");
    }

    [Test]
    public void HandlerThatIsALittleLateNowAndThen_StaysOnTheShard()
    {
        var users = new MemoryUsers();
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers { Auth = users }));
        _bench.Ask();
        users.Hold = () => _bench.World.Time.Advance(TimeSpan.FromMilliseconds(60));
        for (var i = 0; i < 10; i++)
        {
            _bench.Ask();
            _bench.World.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.That(users.WasOnShard.Skip(1), Has.All.True);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ExceptionOnTheShard_IsTheDocumentedOutcome(bool isOfTheNetwork)
    {
        var users = new MemoryUsers();
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers { Auth = users }));
        _bench.Ask();
        users.Hold = () => throw (isOfTheNetwork ? new IOException("gone") : new InvalidOperationException("broken"));
        _bench.Ask();

        Assert.That(_bench.Outcomes[1].Status, Is.EqualTo(isOfTheNetwork ? HookStatus.Unavailable : HookStatus.Failed));
    }

    [Test]
    public void AnswerThatTakesTime_HasTheLimitOfAnyOther_AndItsTokenIsCancelled()
    {
        var users = new MemoryUsers { Answer = new TaskCompletionSource<AuthDecision>() };
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers { Auth = users }));
        users.Answer.SetResult(AuthDecision.Unknown);
        _bench.Ask();
        users.Answer = new TaskCompletionSource<AuthDecision>();
        _bench.Ask();
        Assert.That(users.WasOnShard[1], Is.True);
        _bench.World.Advance(TimeSpan.FromSeconds(4.9));
        Assert.That(_bench.Outcomes, Has.Count.EqualTo(1));
        _bench.World.Advance(TimeSpan.FromSeconds(0.2));

        Assert.That(_bench.Outcomes[1].Status, Is.EqualTo(HookStatus.TimedOut));
        Assert.That(users.Token.IsCancellationRequested, Is.True);
    }

    [Test]
    public void AnswerThatTakesTime_IsTaken()
    {
        var users = new MemoryUsers();
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers { Auth = users }));
        _bench.Ask();
        users.Answer = new TaskCompletionSource<AuthDecision>();
        _bench.Ask();
        users.Answer.SetResult(AuthDecision.Unknown);
        _bench.World.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_bench.Outcomes.Select(o => o.Status), Is.EqualTo(new[] { HookStatus.Answered, HookStatus.Answered }));
        Assert.That(users.Token.IsCancellationRequested, Is.False);
    }

    [Test]
    public void QuestionThatIsCancelledBeforeItsOutcomeCame_HasNone()
    {
        var users = new MemoryUsers();
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers { Auth = users }));
        _bench.Ask();
        _bench.Shard.Post(_ => users.Hold = () => _bench.Shard.Post(_ => _bench.Question!.Dispose()));
        _bench.Ask();

        Assert.That(_bench.Outcomes, Has.Count.EqualTo(1));
    }

    [Test]
    public void TooManyQuestionsUnderWay_TheNextIsUnavailable_UntilOneIsThrough()
    {
        var users = new PlainUsers { Answer = new TaskCompletionSource<AuthDecision>() };
        _bench = new HookBench(
            HookSource.FromInstances(new SipServerHandlers { Auth = users }), options => options.MaxConcurrentHooks = 2);
        for (var i = 0; i < 3; i++)
            _bench.Ask();
        Assert.That(_bench.Outcomes.Single().Status, Is.EqualTo(HookStatus.Unavailable));
        users.Answer.SetResult(AuthDecision.Unknown);
        _bench.World.Advance(TimeSpan.FromMilliseconds(5));
        _bench.Ask();

        Assert.That(_bench.Outcomes.Count(o => o.Status == HookStatus.Answered), Is.EqualTo(3));
    }

    [Test]
    public async Task RegisterWithUsersInMemory_Works_AndTheNextIsAnsweredInTheSameTurn()
    {
        var users = new MemoryUsers { Answers = new TestHost() };
        _bench = new HookBench(HookSource.FromInstances(new SipServerHandlers()));
        await using var world = new VirtualWorld();
        world.StartServer(new SipServerHandlers { Auth = users, Invite = new TestHost() });
        var alice = new ScriptedPhone(world, "alice", "10.0.2.1");

        Assert.That(alice.Register().Status, Is.EqualTo(200));
        Assert.That(alice.Register(callId: "again").Status, Is.EqualTo(200));
        Assert.That(alice.Register(password: "wrong", callId: "wrong").Status, Is.EqualTo(403));
        Assert.That(users.WasOnShard, Is.EqualTo(new[] { false, true, true }));
    }

    private static HookSource Services(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return HookSource.FromServices(services.BuildServiceProvider(), services);
    }

    private class PlainUsers : IAuthProvider
    {
        public List<bool> WasOnShard { get; } = [];

        public bool Records { get; init; } = true;

        public Action Hold { get; set; } = static () => { };

        public TaskCompletionSource<AuthDecision>? Answer { get; set; }

        public TestHost? Answers { get; init; }

        public CancellationToken Token { get; private set; }

        public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken)
        {
            Token = cancellationToken;
            if (Records)
                WasOnShard.Add(new StackTrace().ToString().Contains("AskHere", StringComparison.Ordinal));
            Hold();
            return Answer is not null ? new ValueTask<AuthDecision>(Answer.Task)
                : Answers?.AuthorizeAsync(request, cancellationToken) ?? ValueTask.FromResult(AuthDecision.Unknown);
        }
    }

    [NonBlocking]
    private class MemoryUsers : PlainUsers;

    private sealed class DerivedUsers : MemoryUsers;
}

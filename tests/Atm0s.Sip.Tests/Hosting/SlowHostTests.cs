using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Tests.Hosting;

/// <summary>
/// A host that holds its thread, or whose parts can't be made or given back: the caller has an answer in time. Real sockets and threads.
/// </summary>
public sealed class SlowHostTests
{
    private readonly System.Collections.Concurrent.ConcurrentBag<bool> _threads = [];
    private TaskCompletionSource _released = null!;

    [SetUp]
    public void SetUp()
    {
        _threads.Clear();
        _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [TearDown]
    public void TearDown() => _released.TrySetResult();

    [Test]
    public async Task HandlerThatHoldsItsThread_Is503() =>
        Assert.That(
            await AnswerAsync(services => services.AddScoped<IInviteHandler>(_ => new Handler(this, holds: true))),
            Does.StartWith("SIP/2.0 503"));

    [Test]
    public async Task HandlerThatCanNotBeMade_Is500() =>
        Assert.That(
            await AnswerAsync(services => services.AddScoped<IInviteHandler>(_ => throw new InvalidOperationException("broken"))),
            Does.StartWith("SIP/2.0 500"));

    [Test]
    public async Task ScopeThatIsNotGivenBack_HoldsNothing() =>
        Assert.That(
            await AnswerAsync(services => services.AddScoped<IInviteHandler>(_ => new Handler(this, holds: false))),
            Does.StartWith("SIP/2.0 486"));

    // Two hold all the threads there are: the others wait for one, but not longer than for an answer.
    [Test]
    public async Task HandlersThatHoldTheirThreads_AreNoneOfThePool_AndEachCallerHasA503()
    {
        var answers = await AnswersAsync(
            services => services.AddSingleton<IInviteHandler>(new Handler(this, holds: true)), calls: 8, maxThreads: 2);

        Assert.That(answers, Has.Count.EqualTo(8).And.All.StartsWith("SIP/2.0 503"));
        Assert.That(_threads, Has.Count.EqualTo(2).And.All.False);
    }

    // As with a web server that is gone: every thread is in a call that only its token ends.
    [Test]
    public async Task HandlersThatOnlyTheirTokenFrees_AreFreed_ThoughTheyHoldEveryThread()
    {
        using var freed = new CountdownEvent(2);
        var answers = await AnswersAsync(
            services => services.AddSingleton<IInviteHandler>(new TokenWaiter(freed)), calls: 2, maxThreads: 2);

        Assert.That(answers, Has.All.StartsWith("SIP/2.0 503"));
        Assert.That(freed.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    private static async Task<string> AnswerAsync(Action<IServiceCollection> addHandler) => (await AnswersAsync(addHandler, 1, 64))[0];

    private static async Task<List<string>> AnswersAsync(Action<IServiceCollection> addHandler, int calls, int maxThreads)
    {
        var services = new ServiceCollection();
        addHandler(services);
        services.AddSipServer(options =>
        {
            options.Listen("udp://127.0.0.1:0");
            options.HandlerTimeout = TimeSpan.FromMilliseconds(200);
            options.Authentication.RequireForCalls = false;
            options.StopTimeout = TimeSpan.Zero;
            options.MaxHandlerThreads = maxThreads;
        }).AddAuthProvider(new TestHost());
        await using var provider = services.BuildServiceProvider();
        var server = provider.GetRequiredService<SipServer>();
        await server.StartAsync();
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var local = (IPEndPoint)socket.Client.LocalEndPoint!;
        var place = new IPEndPoint(IPAddress.Loopback, new Uri(server.ListenUris[0]).Port);
        for (var i = 0; i < calls; i++)
        {
            await socket.SendAsync(
                Encoding.ASCII.GetBytes(
                    $"INVITE sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bK{i};rport\r\nMax-Forwards: 70\r\n"
                    + $"From: <sip:a@127.0.0.1>;tag={i}\r\nTo: <sip:x@127.0.0.1>\r\nCall-ID: c{i}\r\nCSeq: 1 INVITE\r\n"
                    + $"Contact: <sip:a@{local}>\r\nContent-Length: 0\r\n\r\n"),
                place);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var answers = new Dictionary<string, string>();
        while (answers.Count < calls)
        {
            var answer = Encoding.ASCII.GetString((await socket.ReceiveAsync(limit.Token)).Buffer);
            if (!answer.StartsWith("SIP/2.0 100", StringComparison.Ordinal))
                answers[answer.Split("Call-ID: ")[1].Split('\r')[0]] = answer;
        }

        return [.. answers.Values];
    }

    private sealed class TokenWaiter(CountdownEvent freed) : IInviteHandler
    {
        public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
        {
            cancellationToken.WaitHandle.WaitOne();
            freed.Signal();
            return ValueTask.FromResult(InviteDecision.Reject(486));
        }
    }

    private sealed class Handler(SlowHostTests test, bool holds) : IInviteHandler, IAsyncDisposable
    {
        public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
        {
            test._threads.Add(Thread.CurrentThread.IsThreadPoolThread);
            if (holds)
                test._released.Task.Wait(CancellationToken.None);
            return ValueTask.FromResult(InviteDecision.Reject(486));
        }

        public async ValueTask DisposeAsync() => await test._released.Task;
    }
}

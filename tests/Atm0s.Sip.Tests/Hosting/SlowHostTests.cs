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
    private TaskCompletionSource _released = null!;

    [SetUp]
    public void SetUp() => _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

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

    private static async Task<string> AnswerAsync(Action<IServiceCollection> addHandler)
    {
        var services = new ServiceCollection();
        addHandler(services);
        services.AddSipServer(options =>
        {
            options.Listen("udp://127.0.0.1:0");
            options.HandlerTimeout = TimeSpan.FromMilliseconds(200);
            options.Authentication.RequireForCalls = false;
            options.StopTimeout = TimeSpan.Zero;
        }).AddAuthProvider(new TestHost());
        await using var provider = services.BuildServiceProvider();
        var server = provider.GetRequiredService<SipServer>();
        await server.StartAsync();
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var local = (IPEndPoint)socket.Client.LocalEndPoint!;
        var invite = $"INVITE sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bK1;rport\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:x@127.0.0.1>\r\nCall-ID: c1\r\nCSeq: 1 INVITE\r\nContact: <sip:a@{local}>\r\n"
            + "Content-Length: 0\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(invite), new IPEndPoint(IPAddress.Loopback, new Uri(server.ListenUris[0]).Port));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            var answer = Encoding.ASCII.GetString((await socket.ReceiveAsync(limit.Token)).Buffer);
            if (!answer.StartsWith("SIP/2.0 100", StringComparison.Ordinal))
                return answer;
        }
    }

    private sealed class Handler(SlowHostTests test, bool holds) : IInviteHandler, IAsyncDisposable
    {
        public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
        {
            if (holds)
                test._released.Task.Wait(CancellationToken.None);
            return ValueTask.FromResult(InviteDecision.Reject(486));
        }

        public async ValueTask DisposeAsync() => await test._released.Task;
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Hooks.Http.Client;
using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>A hook server that is slow, dead, wrong, huge, redirecting or hostile: the documented outcome each time.</summary>
public sealed class HostileHookServerTests
{
    private const string Secret = "a-secret-of-the-host-4711";

    private HookServer _server = null!;

    [SetUp]
    public async Task SetUp() => _server = await HookServer.StartAsync();

    [TearDown]
    public async Task TearDown() => await _server.DisposeAsync();

    [Test]
    public async Task Slow_IsCutOff_AuthFails_CallsGetTheFallback()
    {
        _server.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var hooks = await StartAsync(options =>
        {
            options.AttemptTimeout = options.TotalTimeout = options.InviteTimeout = TimeSpan.FromMilliseconds(100);
            options.InviteFallbackStatus = 503;
        });
        AssertRejected(await hooks.InviteAsync(), 503);
        await AssertAuthFailsAsync(hooks, HookCallOutcome.Timeout);
    }

    [Test]
    public async Task OneByteAtATime_IsCutOff()
    {
        _server.Answer = async context =>
        {
            context.Response.ContentLength = 1000;
            while (true)
            {
                await context.Response.WriteAsync(" ", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(20, context.RequestAborted);
            }
        };
        await using var hooks = await StartAsync(
            options => (options.AttemptTimeout, options.TotalTimeout) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(300)));
        await AssertAuthFailsAsync(hooks, HookCallOutcome.Timeout);
    }

    [Test]
    public async Task Dead_IsAFailedConnection()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        await using var hooks = await Hooked.StartAsync($"http://127.0.0.1:{port}/hooks");
        AssertRejected(await hooks.InviteAsync(), 486);
        await AssertAuthFailsAsync(hooks, HookCallOutcome.Connection);
    }

    [TestCase(400, 1)]
    [TestCase(401, 1)]
    [TestCase(404, 1)]
    [TestCase(500, 2)]
    [TestCase(503, 2)]
    [TestCase(429, 2)]
    public async Task StatusOfAuth_IsAFailure_RetriedOnlyWhereItHelps(int status, int attempts)
    {
        _server.Answer = context => HookServer.WriteAsync(context, """{"success":true,"ha1":"939e7578ed9e3c518a452acee763bce9"}""", status);
        await using var hooks = await StartAsync();
        await AssertAuthFailsAsync(hooks, HookCallOutcome.Status);
        Assert.That(_server.Questions, Has.Count.EqualTo(attempts));
        Assert.That(_server.Questions.Select(q => q.Headers["Idempotency-Key"]).Distinct().Count(), Is.EqualTo(1),
            "all attempts of one question have one key");
    }

    [Test]
    public async Task Huge_IsReadNoFurtherThanTheCap([Values] bool chunked)
    {
        var written = 0L;
        _server.Answer = async context =>
        {
            if (!chunked)
                context.Response.ContentLength = 1L << 30;
            var block = Encoding.ASCII.GetBytes(new string(' ', 16_384));
            for (; written < 1L << 30; written += block.Length)
            {
                // A connection that is gone takes all that is written, and says so here.
                if ((await context.Response.BodyWriter.WriteAsync(block, context.RequestAborted)).IsCompleted)
                    return;
            }
        };
        await using var hooks = await StartAsync();
        await AssertAuthFailsAsync(hooks, HookCallOutcome.TooLarge);
        Assert.That(written, Is.LessThan(64 << 20), "socket buffers, not a gigabyte");
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task Redirect_IsNotFollowed(int status)
    {
        await using var elsewhere = await HookServer.StartAsync();
        _server.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Url;
            return Task.CompletedTask;
        };
        await using var hooks = await StartAsync();
        AssertRejected(await hooks.InviteAsync(), 486);
        Assert.That(elsewhere.Questions, Is.Empty);
    }

    [Test]
    public async Task Events_AreRetried_ThenDropped_AndDoNotThrow()
    {
        _server.Answer = context => HookServer.WriteAsync(context, "", 500);
        await using var hooks = await StartAsync(options => (options.CallEvents, options.Breaker.Enabled) = (true, false));
        var call = new CallInfo { CallId = "c1", SipCallId = "abc", Direction = CallDirection.Incoming, From = "a", To = "b" };
        await hooks.Calls.OnCallEventAsync(
            new CallEvent.Connecting { Call = call, Timestamp = DateTimeOffset.UnixEpoch }, CancellationToken.None);
        Assert.That(_server.Questions, Has.Count.EqualTo(4), "one attempt and three retries");
        Assert.That(hooks.Log.Text, Does.Contain("dropped"));
    }

    [Test]
    public async Task Signature_IsOfTimestampAndBody_AndVerifies()
    {
        _server.Answer = context => HookServer.WriteAsync(context, """{"success":false}""");
        await using var hooks = await StartAsync(options => options.Secret = Secret);
        await hooks.AuthorizeAsync();
        var asked = _server.Questions.Single();
        var (timestamp, signature) = (asked.Headers[HookSignature.TimestampHeader], asked.Headers[HookSignature.SignatureHeader]);
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, CultureInfo.InvariantCulture));
        bool Verify(string secret, string body, DateTimeOffset now) =>
            HookSignature.Verify(secret, timestamp, Encoding.UTF8.GetBytes(body), signature, now, TimeSpan.FromMinutes(5));
        Assert.That(Verify(Secret, asked.Body, at), Is.True);
        Assert.That(Verify("another-secret-of-whom", asked.Body, at), Is.False);
        Assert.That(Verify(Secret, asked.Body + " ", at), Is.False);
        Assert.That(Verify(Secret, asked.Body, at.AddMinutes(6)), Is.False, "too old");
    }

    [Test]
    public async Task NoSecret_IsInAnyLog()
    {
        const string ha1 = "939e7578ed9e3c518a452acee763bce9";
        const string evil = "response-body-evil\r\nforged log line";
        await using var hooks = await StartAsync(options =>
        {
            options.Secret = Secret;
            options.Headers["Authorization"] = "Bearer header-secret";
        });
        foreach (var answer in new[] { $$"""{"success":true,"ha1":"{{ha1}}"}""", $$"""{"success":true,"ha1":"{{ha1}}x"}""", evil, $$"""{"success":"{{ha1}}"}""" })
        {
            _server.Answer = context => HookServer.WriteAsync(context, answer);
            try
            {
                await hooks.AuthorizeAsync();
            }
            catch (HookCallException failure)
            {
                Assert.That(failure.ToString(), Does.Not.Contain(ha1).And.Not.Contain("evil"));
            }
        }

        await hooks.InviteAsync("call\r\nforged log line");
        Assert.That(_server.Questions[0].Headers["Authorization"], Is.EqualTo("Bearer header-secret"));
        Assert.That(hooks.Log.Text, Has.Length.GreaterThan(100));
        foreach (var secret in new[] { ha1, "evil", Secret, "header-secret", "sha256=", "\nforged" })
            Assert.That(hooks.Log.Text, Does.Not.Contain(secret));
    }

    [TestCase("169.254.169.254")]
    [TestCase("127.0.0.1")]
    [TestCase("10.0.0.1")]
    [TestCase("::ffff:127.0.0.1")]
    [TestCase("64:ff9b::a9fe:a9fe")]
    public async Task NameThatLeadsInside_IsNotConnectedTo(string address)
    {
        var port = new Uri(_server.Url).Port;
        await using var hooks = await Hooked.StartAsync(
            $"http://hooks.example.com:{port}/hooks",
            options => options.AllowPlainHttp = true,
            services => services.AddSingleton<IHookNameResolver>(new Resolver(IPAddress.Parse(address))));
        AssertRejected(await hooks.InviteAsync(), 486);
        await AssertAuthFailsAsync(hooks, HookCallOutcome.RefusedAddress);
        Assert.That(_server.Questions, Is.Empty);
    }

    [Test]
    public async Task NameThatLeadsInside_IsConnectedTo_WhenTheHostAllowsTheNetwork()
    {
        _server.Answer = context => HookServer.WriteAsync(context, """{"strategy":"Accept","room_id":"r1"}""");
        await using var hooks = await Hooked.StartAsync(
            $"http://hooks.example.com:{new Uri(_server.Url).Port}/hooks",
            options =>
            {
                options.AllowPlainHttp = true;
                options.AllowedNetworks.Add("127.0.0.0/8");
            },
            services => services.AddSingleton<IHookNameResolver>(new Resolver(IPAddress.Loopback)));
        Assert.That(await hooks.InviteAsync(), Is.TypeOf<InviteDecision.Join>());
    }

    [TestCase("", "Url")]
    [TestCase("/hooks", "Url")]
    [TestCase("ftp://127.0.0.1/", "Url")]
    [TestCase("http://user:pw@127.0.0.1/hooks", "user or password")]
    [TestCase("http://127.0.0.1/hooks?key=1", "query")]
    [TestCase("http://hooks.example.com/hooks", "https")]
    [TestCase("http://169.254.169.254/latest", "AllowedNetworks")]
    public void UrlThatCantWork_StopsTheStart(string url, string says) =>
        Assert.That(() => Hooked.StartAsync(url), Throws.InstanceOf<Microsoft.Extensions.Options.OptionsValidationException>()
            .With.Message.Contains(says).And.Message.Not.Contain("pw@"));

    private static void AssertRejected(InviteDecision decision, int status) =>
        Assert.That(decision, Is.TypeOf<InviteDecision.Rejection>().With.Property("StatusCode").EqualTo(status));

    private static async Task AssertAuthFailsAsync(Hooked hooks, HookCallOutcome outcome)
    {
        HookCallException? failure = null;
        try
        {
            await hooks.AuthorizeAsync();
        }
        catch (HookCallException thrown)
        {
            failure = thrown;
        }

        Assert.That(failure?.Outcome, Is.EqualTo(outcome), "nobody is let in");
    }

    private Task<Hooked> StartAsync(Action<HttpHookOptions>? configure = null) => Hooked.StartAsync(_server.Url, configure);

    private sealed class Resolver(IPAddress address) : IHookNameResolver
    {
        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Task.FromResult<IPAddress[]>([address]);
    }
}

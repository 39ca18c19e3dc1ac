using System.Collections.Concurrent;
using System.Net;
using Atm0s.Sip.Control;
using Atm0s.Sip.Hooks.Http.Tests.Control;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Hooks.Http.Tests.Flows;

/// <summary>
/// Two hundred calls in one moment over a hook server as the original's, which answers none before it was asked about all, and three
/// seconds later: all of them are connected, and nobody is rung twice.
/// </summary>
public sealed class BurstTests
{
    private const int Calls = 200;

    private readonly Story _story = new();
    private readonly List<RawPhone> _phones = [];
    private readonly ConcurrentDictionary<string, string> _rung = new(StringComparer.Ordinal);
    private OriginalHookServer _hooks = null!;
    private WebApplication _app = null!;

    private SipServer Server => _app.Services.GetRequiredService<SipServer>();

    [SetUp]
    public async Task SetUp()
    {
        _hooks = await OriginalHookServer.StartAsync(thinks: TimeSpan.FromSeconds(3), crowd: Calls);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSipControl(control => control.AllowAnonymous = true);
        builder.Services.AddSipServer(sip =>
        {
            sip.Listen("udp://127.0.0.1:0").Realm = "test.local";
            (sip.Media.FirstPort, sip.Media.LastPort) = (21_000, 23_999);
        }).AddHttpHooks(hooks =>
        {
            hooks.Url = _hooks.Url;
            // The machine may be slow; how many are asked at once is what counts.
            hooks.TotalTimeout = hooks.InviteTimeout = TimeSpan.FromSeconds(59);
        });
        _app = builder.Build();
        _app.UseRouting();
        _app.MapSipControl();
        await _app.StartAsync();
        _hooks.Gateway = new Uri(_app.Urls.First());
    }

    [TearDown]
    public async Task TearDown()
    {
        foreach (var phone in _phones)
            phone.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _hooks.DisposeAsync();
    }

    [Test]
    [CancelAfter(180_000)]
    public async Task TwoHundredCallsAtOnce_AreAllConnected_AndNobodyIsRungTwice()
    {
        var called = Enumerable.Range(0, Calls).Select(i => Phone($"bob{i}")).ToList();
        await Task.WhenAll(called.Select((phone, i) => RegisterAsync(phone, $"bob{i}")));
        await ControlHost.UntilAsync(() => Enumerable.Range(0, Calls).All(i => _hooks.Knows($"bob{i}")), "all are told");
        var answering = called.Select((phone, i) => AnswerAsync(phone, $"bob{i}")).ToList();
        var callers = Enumerable.Range(0, Calls).Select(i => Phone($"alice{i}")).ToList();

        var finals = await Task.WhenAll(callers.Select((phone, i) => CallAsync(phone, $"alice{i}", $"bob{i}")));
        await Task.WhenAll(answering);

        Assert.That(string.Join(", ", finals.GroupBy(status => status).Select(g => $"{g.Count()} x {g.Key}")), Is.EqualTo($"{Calls} x 200"));
        await ControlHost.UntilAsync(
            () => Server.Calls.Count == 2 * Calls && Server.Calls.All(call => call.State == CallState.Answered), "all are connected");
        Assert.That(_hooks.Invites, Has.Count.EqualTo(Calls), "each call is asked about once");
        Assert.That(_hooks.Invites.Distinct().Count(), Is.EqualTo(Calls));
        Assert.That(Server.Rooms, Has.Count.EqualTo(Calls).And.All.Property("Connected").EqualTo(2));
        await Task.WhenAll(called.Select((phone, i) => LookAgainAsync(phone, $"bob{i}")));
        Assert.That(_rung.Values, Is.EquivalentTo(Enumerable.Range(0, Calls).Select(i => $"bob{i}")), "each is rung by one call");
    }

    private RawPhone Phone(string user)
    {
        var phone = new RawPhone(user, IPEndPoint.Parse(new Uri(Server.ListenUris[0]).Authority), _story);
        _phones.Add(phone);
        return phone;
    }

    private static async Task RegisterAsync(RawPhone phone, string user)
    {
        var challenge = await AskAsync(phone, phone.Send("REGISTER", user, 1), m => m.Status == 401);
        await AskAsync(phone, phone.SendAuthorized("REGISTER", user, user, challenge), m => m.Status == 200);
    }

    private static async Task<int> CallAsync(RawPhone phone, string user, string to)
    {
        var challenge = await AskAsync(phone, phone.Send("INVITE", to, 1), m => m.Status == 401);
        var final = await AskAsync(
            phone, phone.SendAuthorized("INVITE", to, user, challenge), m => m.Status >= 200 && m["CSeq"].StartsWith('2'));
        if (final.Status == 200)
            phone.Acknowledge(final);
        return final.Status;
    }

    // A burst may overflow the server's receive buffer: requests are repeated (RFC 3261 §17.1.1.2).
    private static async Task<SipText> AskAsync(RawPhone phone, string request, Func<SipText, bool> wanted)
    {
        for (var pause = TimeSpan.FromMilliseconds(500); ; pause *= 2)
        {
            try
            {
                return await phone.ReceiveAsync(wanted, pause);
            }
            catch (OperationCanceledException) when (pause < TimeSpan.FromSeconds(30))
            {
                phone.Repeat(request);
            }
        }
    }

    /// <summary>Rings and answers whoever calls, until one of them acknowledges.</summary>
    private async Task AnswerAsync(RawPhone phone, string user)
    {
        var isAcknowledged = false;
        while (true)
        {
            var request = await phone.ReceiveAsync(static m => !m.IsResponse && m.Method is "INVITE" or "ACK", TimeSpan.FromSeconds(60));
            if (request.Method == "ACK")
            {
                isAcknowledged = true;
                return;
            }

            _rung[request["Call-ID"]] = user;
            phone.Respond(request, 180, "Ringing");
            _ = RepeatAsync();

            // RFC 3261 §13.3.1.4: until the ACK is there.
            async Task RepeatAsync()
            {
                for (var i = 0; i < 60 && !isAcknowledged; i++)
                {
                    phone.Respond(request, 200, "OK");
                    await Task.Delay(1_000);
                }
            }
        }
    }

    /// <summary>Takes what has come since: a second call would be there.</summary>
    private async Task LookAgainAsync(RawPhone phone, string user)
    {
        try
        {
            while (true)
            {
                var request = await phone.ReceiveAsync(
                    static m => !m.IsResponse && m.Method == "INVITE", TimeSpan.FromMilliseconds(50));
                _rung[request["Call-ID"]] = user;
            }
        }
        catch (OperationCanceledException)
        {
            // There is nothing more.
        }
    }
}

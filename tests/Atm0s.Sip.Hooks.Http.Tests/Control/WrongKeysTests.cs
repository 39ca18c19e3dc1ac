using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>Who guesses keys is counted, slowed down and logged; who has one is not in the way.</summary>
public sealed class WrongKeysTests
{
    [Test]
    public void Sources_AreCountedEach_AndForgottenAfterAMinute()
    {
        var time = new FakeTimeProvider();
        var wrong = new WrongKeys(time);
        for (var i = 1; i <= 20; i++)
            Assert.That(wrong.Note(IPAddress.Parse("192.0.2.1")), Is.EqualTo(i));
        Assert.That(wrong.Note(IPAddress.Parse("192.0.2.2")), Is.EqualTo(1));
        Assert.That(wrong.Note(IPAddress.Parse("::ffff:192.0.2.2")), Is.EqualTo(2), "the same, over a socket for both families");
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(wrong.Note(IPAddress.Parse("192.0.2.1")), Is.EqualTo(1));
    }

    [Test]
    public void IPv6_CountsByItsNetwork()
    {
        var wrong = new WrongKeys(new FakeTimeProvider());
        Assert.That(wrong.Note(IPAddress.Parse("2001:db8:0:1::1")), Is.EqualTo(1));
        Assert.That(wrong.Note(IPAddress.Parse("2001:db8:0:1:ffff::2")), Is.EqualTo(2));
        Assert.That(wrong.Note(IPAddress.Parse("2001:db8:0:2::1")), Is.EqualTo(1));
    }

    [Test]
    public void Sources_AreBounded_AndTheRestIsCountedTogether()
    {
        var time = new FakeTimeProvider();
        var wrong = new WrongKeys(time);
        for (var i = 0; i < 10_000; i++)
            wrong.Note(new IPAddress(0x0a_00_00_00L + i));
        for (var i = 1; i <= 1_000; i++)
            Assert.That(wrong.Note(new IPAddress(0x0b_00_00_00L + i)), Is.EqualTo(i), "none has a place of its own");
        Assert.That(wrong.Note(new IPAddress(0x0a_00_00_00L)), Is.EqualTo(2), "who has one keeps it");
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(wrong.Note(new IPAddress(0x0c_00_00_00L)), Is.EqualTo(1), "what is old makes room");
    }

    [Test]
    public void Flood_OfNewSources_DoesNotLookThroughAllForEach()
    {
        var time = new CountingTime();
        var wrong = new WrongKeys(time);
        for (var i = 0; i < 10_000; i++)
            wrong.Note(new IPAddress(0x0a_00_00_00L + i));
        time.Conversions = 0;
        for (var i = 0; i < 1_000; i++)
            wrong.Note(new IPAddress(0x0b_00_00_00L + i));
        Assert.That(time.Conversions, Is.LessThan(2 * 10_000), "it was done once");
    }

    [Test]
    public void Keys_OfOneSource_AreComparedSoOften_AndAgainAfterAMinute()
    {
        var time = new FakeTimeProvider();
        var wrong = new WrongKeys(time);
        var source = IPAddress.Parse("192.0.2.1");
        for (var i = 0; i < WrongKeys.MaxCompared; i++)
        {
            Assert.That(wrong.MayCompare(source), Is.True);
            wrong.Note(source);
        }

        Assert.That(wrong.MayCompare(source), Is.False);
        Assert.That(wrong.MayCompare(IPAddress.Parse("192.0.2.2")), Is.True);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(wrong.MayCompare(source), Is.True);
    }

    [Test]
    public void Keys_OfThoseWithoutAPlace_AreBoundedTogether()
    {
        var wrong = new WrongKeys(new FakeTimeProvider());
        for (var i = 0; i < 20_000; i++)
            wrong.Note(new IPAddress(0x0a_00_00_00L + i));
        Assert.That(wrong.MayCompare(IPAddress.Parse("192.0.2.1")), Is.False);
        Assert.That(wrong.MayCompare(new IPAddress(0x0a_00_00_00L)), Is.True, "who has one is not in it");
    }

    [Test]
    public void Lines_AreTenASecond()
    {
        var time = new FakeTimeProvider();
        var wrong = new WrongKeys(time);
        Assert.That(Enumerable.Range(0, 50).Count(_ => wrong.TryLog()), Is.EqualTo(10));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Enumerable.Range(0, 50).Count(_ => wrong.TryLog()), Is.EqualTo(10));
    }

    [Test]
    public async Task SourceThatGuessedTooOften_IsNotListenedTo_AndOthersAre()
    {
        await using var control = await ControlHost.StartAsync();
        var wrong = control.Services.GetRequiredService<WrongKeys>();
        for (var i = 0; i < WrongKeys.MaxCompared; i++)
            wrong.Note(IPAddress.Loopback);
        Assert.That(await GuessAsync(control, ControlHost.Key), Is.EqualTo(429), "who may guess on would have all keys in the end");
        Assert.That(await GuessAsync(control, ""), Is.EqualTo(401));

        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var other = new HttpClient(handler);
        other.DefaultRequestHeaders.Add("X-Api-Key", ControlHost.Key);
        using var response = await other.GetAsync(new Uri(control.Url, "/sip/calls"));
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public void HeldBackAnswers_AreBounded()
    {
        var wrong = new WrongKeys(new FakeTimeProvider());
        for (var i = 0; i < WrongKeys.MaxHeldBack; i++)
            Assert.That(wrong.TryHoldBack(), Is.True);
        Assert.That(wrong.TryHoldBack(), Is.False);
        wrong.Release();
        Assert.That(wrong.TryHoldBack(), Is.True);
    }

    [Test]
    public async Task Guesses_AreSlowedDown_AndTheRightKeyIsNot()
    {
        await using var control = await ControlHost.StartAsync();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < WrongKeys.Free + 1; i++)
            Assert.That(await GuessAsync(control, $"wrong-key-number-{i}"), Is.EqualTo(401));
        Assert.That(watch.Elapsed, Is.GreaterThanOrEqualTo(WrongKeys.Pause * 0.9), "the eleventh waited");

        var guesses = Enumerable.Range(0, 2 * WrongKeys.MaxHeldBack).Select(i => GuessAsync(control, $"wrong-key-again-{i}")).ToList();
        Assert.That(await GuessAsync(control, ControlHost.Key), Is.EqualTo(200), "from the same address, meanwhile");
        var answers = await Task.WhenAll(guesses);
        Assert.That(answers.Distinct(), Is.SubsetOf(new[] { 401, 429 }));
        Assert.That(answers.Count(status => status == 401), Is.LessThanOrEqualTo(2 * WrongKeys.MaxHeldBack).And.GreaterThan(0));

        watch.Restart();
        for (var i = 0; i < 30; i++)
            Assert.That(await GuessAsync(control, ""), Is.EqualTo(401));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)), "who has no key at all guesses nothing");
    }

    private static async Task<int> GuessAsync(ControlHost control, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/sip/calls", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        using var response = await control.Http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private sealed class CountingTime : TimeProvider
    {
        public long Conversions { get; set; }

        // Each comparison of two times asks for it.
        public override long TimestampFrequency
        {
            get
            {
                Conversions++;
                return 1_000;
            }
        }

        public override long GetTimestamp() => 1;
    }
}

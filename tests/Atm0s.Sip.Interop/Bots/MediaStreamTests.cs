using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Http.Tests.Streams;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scenarios;

namespace Atm0s.Sip.Interop.Bots;

/// <summary>Media streams between a real phone and a program in Python that holds to the documented messages.</summary>
public sealed class MediaStreamTests : InteropTest
{
    private PythonBot _bot = null!;
    private int _port;

    [SetUp]
    public async Task SetUp() => (_bot, _port) = await PythonBot.StartAsync();

    [TearDown]
    public void TearDown()
    {
        var violations = _bot.Violations.ToList();
        _bot.Dispose();
        Assert.That(violations, Is.Empty);
    }

    [TestCase("PCMU"), TestCase("opus")]
    public async Task Phone_hears_what_it_says_from_the_program_which_hears_its_keys(string codec)
    {
        var (server, alice, call) = await CallAsync(codec);
        await call.StartStreamAsync(new MediaStreamOptions { Url = Url("/echo") });
        await Hearing.ToneAsync(alice, 440, 20);
        await alice.PressAsync('5');
        await UntilAsync(() => _bot.Events("dtmf").Any(), "the key");
        Assert.That(_bot.Events("dtmf").Single().GetProperty("dtmf").GetProperty("digit").GetString(), Is.EqualTo("5"));
        await alice.HangUpAsync();
        await UntilAsync(() => _bot.Events("stop").Any(), "the stop");
        await UntilAsync(() => server.Sip.Streams.Count == 0, "the end of the stream");
    }

    [Test]
    public async Task Clear_stops_what_the_phone_hears_and_every_mark_is_answered()
    {
        var (_, alice, call) = await CallAsync("PCMU");
        await call.StartStreamAsync(new MediaStreamOptions { Url = Url("/tone") });
        await UntilAsync(() => _bot.Events("mark").Count() == 3, "three marks");
        await Hearing.NoneAsync(alice, 1000);
        var heard = alice.Recorded().Samples.Chunk(80).Count(part => part.Any(sample => Math.Abs(sample) > 0.02f)) / 100.0;
        Assert.That(heard, Is.InRange(0.7, 2.5), "the first second, and what came until the program had its mark and ours its clear");
    }

    [Test]
    public async Task Thousands_of_marks_are_answered_once_each_and_clear_comes_through()
    {
        var (_, alice, call) = await CallAsync("PCMU");
        await call.StartStreamAsync(new MediaStreamOptions { Url = Url("/many") });
        await UntilAsync(() => _bot.Events("mark").Count() == 6001, "all marks, though two minutes of audio were not heard");
        var marks = _bot.Events("mark").ToList();
        Assert.That(marks[^1].GetProperty("mark").GetProperty("name").GetString(), Is.EqualTo("last"));
        Assert.That(marks[49].GetProperty("ms").GetInt32(), Is.GreaterThan(900), "when a second of it was heard");
        await Hearing.NoneAsync(alice, 1000);
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var end = DateTime.UtcNow + (2 * Soon); !condition(); await Task.Delay(50))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), what);
    }

    private Uri Url(string path) => new($"ws://127.0.0.1:{_port}{path}");

    private async Task<(LocalServer Server, Baresip Alice, ISipCall Call)> CallAsync(string codec)
    {
        var server = await LocalServer.StartAsync();
        Keep(server, server.Told, server.Record);
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Codec = codec, Register = false });
        await alice.DialAsync("room-bot");
        await alice.WaitAsync("CALL_ESTABLISHED");
        return (server, alice, await server.AnsweredAsync(CallDirection.Incoming));
    }
}

using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scenarios;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Interop.Bots;

/// <summary>Callers who type a PIN on real phones, by telephone events (RFC 4733) and by INFO (RFC 6086).</summary>
public sealed class PinRoomTests : InteropTest
{
    private const string Pin = "271828";

    [TestCase("PCMA"), TestCase("opus")]
    public async Task Who_types_the_PIN_is_in_the_room_with_the_others(string codec)
    {
        var server = await StartAsync();
        await using var bot = await server.Sip.AddParticipantAsync("board", new RoomBotOptions { SampleRate = 8000, LeaveWithOthers = false });
        bot.Say(Tone(880, 60));
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Codec = codec, Register = false });
        await alice.DialAsync("room-700");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await Hearing.ToneAsync(alice, 1000, 20, within: 3);
        await TypeAsync(alice, "111111#");
        await Hearing.ToneAsync(alice, 1000, 20, within: 3); // it asks again
        Assert.That(server.Sip.Calls.Single().Info.RoomId, Does.StartWith("pin-"));
        await TypeAsync(alice, Pin + "#");
        await Hearing.ToneAsync(alice, 880, 20);
        Assert.That(server.Sip.Calls.Single().Info.RoomId, Is.EqualTo("board"));
        // Keys are told one by one: none of these lines may say which.
        var keys = server.Told.Lines.Where(line => line.Contains("DtmfReceived", StringComparison.Ordinal)).ToList();
        Assert.That(keys, Has.Count.GreaterThanOrEqualTo(Pin.Length));
        Assert.That(keys, Has.None.Match(@"Digit = [0-9A-D*#]"));
    }

    [Test]
    public async Task Who_guesses_has_to_wait_however_often_he_calls_again()
    {
        var server = await StartAsync(options => options.MaxWrongPerSource = 4);
        for (var calls = 0; calls < 2; calls++)
        {
            var mallory = await BaresipAsync(new PhoneOptions($"mallory{calls}", server.Udp, 440) { Register = false });
            await mallory.DialAsync("room-700");
            await mallory.WaitAsync("CALL_ESTABLISHED");
            for (var tries = 0; tries < (calls == 0 ? 3 : 1); tries++)
            {
                await Hearing.ToneAsync(mallory, 1000, 20, within: 3);
                await TypeAsync(mallory, "000000#");
            }

            await mallory.WaitAsync("CALL_CLOSED", TimeSpan.FromSeconds(40));
        }

        var last = await BaresipAsync(new PhoneOptions("mallory9", server.Udp, 440) { Register = false });
        await last.DialAsync("room-700");
        Assert.That(await last.WaitAsync("CALL_CLOSED"), Does.Contain("480"));
    }

    [Test]
    public async Task Keys_by_INFO_are_as_good()
    {
        var server = await StartAsync();
        using var audio = new UdpAudio();
        var phone = Keep(new UdpPhone("keys", server.Udp));
        Assert.That((await phone.InviteAsync("room-700", UdpPhone.Sdp(audio.LocalEndPoint, "8"))).Status, Is.EqualTo(200));
        foreach (var key in Pin + "#")
            Assert.That((await phone.RequestAsync("INFO", "application/dtmf-relay", $"Signal={key}\r\nDuration=160\r\n")).Status, Is.EqualTo(200));
        for (var end = DateTime.UtcNow + Soon; server.Sip.Calls.Single().Info.RoomId != "board"; await Task.Delay(20))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), "not let in");
    }

    private static async Task TypeAsync(Baresip phone, string keys)
    {
        foreach (var key in keys)
        {
            await phone.PressAsync(key);
            await Task.Delay(250); // as fast as fingers are
        }
    }

    private static short[] Tone(double hz, int seconds) =>
        [.. Enumerable.Range(0, 8000 * seconds).Select(i => (short)(8231 * Math.Sin(Math.Tau * hz * i / 8000)))];

    private async Task<LocalServer> StartAsync(Action<PinOptions>? configure = null)
    {
        var options = new PinOptions
        {
            FindRoom = (pin, _, _) => ValueTask.FromResult(pin == Pin ? "board" : null),
            Gather = new GatherOptions
            {
                Prompt = AudioClip.Tone(TimeSpan.FromSeconds(60), 1000), MinDigits = 6, Tries = 1,
                BetweenDigitsTimeout = TimeSpan.FromSeconds(10),
            },
        };
        configure?.Invoke(options);
        var pins = new PinInviteHandler(options);
        var server = await LocalServer.StartAsync(invites: pins);
        pins.Server = server.Sip;
        return Keep(server, server.Told, server.Record);
    }
}

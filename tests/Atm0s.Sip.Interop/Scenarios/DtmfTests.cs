using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>Keys, by telephone events and by INFO, as the events of the control API tell them.</summary>
public sealed class DtmfTests : InteropTest
{
    private const string Keys = "0123456789*#ABCD";

    [Test]
    public async Task Keys_of_a_phone_are_told_once_each([Values("PCMA", "opus")] string codec)
    {
        var (server, control) = await ServerWithControlAsync();
        var events = await control.WatchAsync();
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Codec = codec, Register = false });
        await alice.DialAsync("open-hall");
        await alice.WaitAsync("CALL_ESTABLISHED");
        foreach (var key in "19*#0")
        {
            await alice.PressAsync(key);
            await KeyAsync(events, key);
        }

        Assert.That(Told(events), Is.EqualTo("19*#0"));
    }

    // RFC 6086 with the two bodies that phones use: "Signal=5" with a duration, and the bare key.
    [TestCase("application/dtmf-relay", "Signal={0}\r\nDuration=160\r\n"), TestCase("application/dtmf", "{0}")]
    public async Task Keys_by_info_are_told_once_each(string type, string form)
    {
        var (server, control) = await ServerWithControlAsync();
        var events = await control.WatchAsync();
        using var audio = new UdpAudio();
        var phone = Keep(new UdpPhone("keys", server.Udp));
        var answer = await phone.InviteAsync("open-hall", UdpPhone.Sdp(audio.LocalEndPoint, "8"));
        Assert.That(answer.Status, Is.EqualTo(200));
        foreach (var key in Keys)
        {
            var info = await phone.RequestAsync("INFO", type, string.Format(null, form, key));
            Assert.That(info.Status, Is.EqualTo(200), $"INFO with {key}");
            await KeyAsync(events, key);
        }

        Assert.That(Told(events), Is.EqualTo(Keys));
    }

    // A phone without telephone events gets the keys of the host by INFO.
    [Test]
    public async Task Keys_of_the_host_come_by_info_to_a_phone_without_telephone_events()
    {
        var (server, control) = await ServerWithControlAsync();
        using var audio = new UdpAudio();
        var phone = Keep(new UdpPhone("keys", server.Udp) { MoreHeaders = "Allow: INVITE, ACK, BYE, CANCEL, INFO\r\n" });
        Assert.That((await phone.InviteAsync("open-hall", UdpPhone.Sdp(audio.LocalEndPoint, "8"))).Status, Is.EqualTo(200));
        var id = (await control.CallAsync("keys")).GetProperty("id").GetString();
        var (status, _) = await control.SendAsync(HttpMethod.Post, $"/sip/calls/{id}/dtmf", new { digits = "12#" });
        Assert.That(status, Is.EqualTo(200));
        await phone.WaitAsync(_ => Infos(phone).Length >= 3);
        Assert.That(string.Concat(Infos(phone)), Is.EqualTo("12#"));
    }

    private static Task<string> KeyAsync(LineLog events, char key) => events.WaitAsync(
        line => line.Contains("\"dtmf\"", StringComparison.Ordinal) && line.Contains($"\"digit\":\"{key}\"", StringComparison.Ordinal),
            $"key {key}", Soon);

    private static string Told(LineLog events) => string.Concat(events.Lines
        .Where(line => line.Contains("\"dtmf\"", StringComparison.Ordinal))
        .Select(line => line.Split("\"digit\":\"")[1][0]));

    private static char[] Infos(UdpPhone phone) =>
        [.. phone.Received.Where(message => !message.IsResponse && message.Method == "INFO").Select(Key).OfType<char>()];

    private static char? Key(SipText info)
    {
        var at = info.Body.IndexOf("Signal", StringComparison.OrdinalIgnoreCase);
        var text = (at < 0 ? info.Body : info.Body[(info.Body.IndexOf('=', at) + 1)..]).TrimStart();
        return text.Length > 0 ? text[0] : null;
    }
}

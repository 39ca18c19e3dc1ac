using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>A sender that is no phone, over a line that loses every tenth packet.</summary>
public sealed class BareSenderTests : InteropTest
{
    private const double Loss = 0.1;

    [TestCase("8", "PCMA/8000", "pcm_alaw", 8000, 12.0)]
    [TestCase("0", "PCMU/8000", "pcm_mulaw", 8000, 12.0)]
    [TestCase("96", "opus/48000/2", "libopus -application voip -fec:a 1 -packet_loss 10 -frame_duration 20 -b:a 32k", 48000, 8.0)]
    public async Task Ffmpeg_is_heard_though_every_tenth_packet_is_lost(string format, string map, string encoder, int rate, double snr)
    {
        var (server, control) = await ServerWithControlAsync();
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Register = false });
        await bob.DialAsync("open-hall");
        await bob.WaitAsync("CALL_ESTABLISHED");
        var line = Keep(new LossyRelay(Loss));
        var phone = Keep(new UdpPhone("sender", server.Udp));
        var answer = await phone.InviteAsync("open-hall", UdpPhone.Sdp(line.Output, format, $"rtpmap:{format} {map}", "ptime:20"));
        Assert.That(answer.Status, Is.EqualTo(200));
        line.Destination = UdpPhone.AudioOf(answer);
        var ffmpeg = Ffmpeg.Send(440, PhoneOptions.ToneDbfs, int.Parse(format, null), encoder, rate, line.Input);
        Keep(ffmpeg, ffmpeg.Output, ffmpeg.Errors);

        await Hearing.ToneAsync(bob, 440, snr);
        for (var end = DateTime.UtcNow + Soon + Soon; DateTime.UtcNow < end && line.Passed + line.Lost < 1000;)
            await Task.Delay(100);
        var audio = (await control.CallAsync("sender")).GetProperty("audio");
        var (received, lost) = (audio.GetProperty("packets_received").GetDouble(), audio.GetProperty("packets_lost").GetDouble());
        var (told, actual) = (lost / (received + lost), (double)line.Lost / (line.Lost + line.Passed));
        await TestContext.Out.WriteLineAsync($"lost {actual:P2} of {line.Lost + line.Passed}, told {told:P2}; {line.Returned} came back");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(line.Lost + line.Passed, Is.GreaterThanOrEqualTo(1000), "packets sent");
            Assert.That(told, Is.EqualTo(actual).Within(0.01), "share lost, as the server tells it");
            Assert.That(line.Returned, Is.GreaterThan(100), "packets of bob's tone to the sender");
            Assert.That((await phone.ByeAsync()).Status, Is.EqualTo(200));
        }
    }
}

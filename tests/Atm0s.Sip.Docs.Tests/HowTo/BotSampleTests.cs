using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>The samples of docs/how-to/voice-bot.md, recordings.md and realtime-bot.md, each run as it stands.</summary>
public sealed class BotSampleTests
{
    [Test]
    public async Task Recorder_WritesBothDirections()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await using (var sample = await SampleProgram.StartAsync("Recorder", "--folder", folder.FullName))
            {
                await using var net = new Loopback();
                Voice low = new(440), high = new(880);
                var first = await CallAsync(await net.PhoneAsync(sample.Uri, "1001", low), "team");
                await CallAsync(await net.PhoneAsync(sample.Uri, "1002", high), "team");
                await Loopback.UntilAsync(() => low.Hears(high) && high.Hears(low), "both hear each other");
                await first.HangUpAsync();
                await Loopback.UntilAsync(() => sample.Server.Recordings.Count <= 1, "the end of the first");
            }

            Assert.That(folder.GetFiles("*.wav"), Has.Length.EqualTo(2));
            Assert.That(folder.GetFiles("*.wav").Select(file => AudioClip.FromFile(File.ReadAllBytes(file.FullName)).Duration),
                Has.All.GreaterThan(TimeSpan.FromSeconds(0.1)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task VoiceBot_Speaks_AndRepeatsWhatWasDialled()
    {
        await using var sample = await SampleProgram.StartAsync("VoiceBot");
        await using var net = new Loopback();
        var ear = new Ear();
        var call = await CallAsync(await net.PhoneAsync(sample.Uri, "1001", ear), "700");
        await Loopback.UntilAsync(() => ear.HasHeardSound, "the greeting");
        await call.SendDtmfAsync("12");
        await Loopback.UntilAsync(() => ear.IsSilent, "a key interrupts it");
        ear.Forget();
        await call.SendDtmfAsync("#");
        await Loopback.UntilAsync(() => ear.HasHeardSound, "what was dialled");
        await call.HangUpAsync();
        await Loopback.UntilAsync(() => sample.Server.Rooms.Count == 0, "the bot leaves with the caller");
    }

    [Test]
    public async Task VoiceBot_IsInterruptedByWhoSpeaks()
    {
        await using var sample = await SampleProgram.StartAsync("VoiceBot");
        await using var net = new Loopback();
        var ear = new Ear();
        await CallAsync(await net.PhoneAsync(sample.Uri, "1001", ear), "700");
        await Loopback.UntilAsync(() => ear.HasHeardSound, "the greeting");
        ear.IsSpeaking = true;
        await Loopback.UntilAsync(() => ear.IsSilent, "it stops");
        Assert.That(sample.Server.Bots.Single().Queued, Is.EqualTo(TimeSpan.Zero), "not because it was through");
        ear.Forget();
        ear.IsSpeaking = false;
        await Loopback.UntilAsync(() => ear.HasHeardSound, "it answers");
    }

    [Test]
    public async Task StreamBot_Speaks_RepeatsWhatWasDialled_AndIsInterrupted()
    {
        await using var sample = await SampleProgram.StartAsync("StreamBot", "--urls", "http://127.0.0.1:0", "--secret", "my-secret");
        await using var net = new Loopback();
        var stream = new MediaStreamOptions
        {
            Url = new UriBuilder(sample.Web) { Scheme = "ws", Path = "/media" }.Uri,
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer my-secret" },
        };
        var host = new TestHost
        {
            Decide = (_, _) => ValueTask.FromResult(
                InviteDecision.JoinRoom("room1", endWhenOthersLeave: true, new ParticipantOptions { Stream = stream })),
        };
        var (server, uri) = await net.OtherServerAsync("127.0.0.1", host);
        var ear = new Ear();
        var call = await CallAsync(await net.PhoneAsync(uri, "1001", ear, "pw-1001"), "700");
        await Loopback.UntilAsync(() => ear.HasHeardSound, "the greeting");
        ear.IsSpeaking = true;
        await Loopback.UntilAsync(() => ear.IsSilent, "speech interrupts it");
        ear.IsSpeaking = false;
        ear.Forget();
        await call.SendDtmfAsync("12#");
        await Loopback.UntilAsync(() => ear.HasHeardSound, "what was dialled");
        await call.HangUpAsync();
        await Loopback.UntilAsync(() => server.Streams.Count == 0, "the stream ends with the call");
    }

    [Test]
    public async Task RealtimeBot_ConnectsCallerAndService_AndTellsWhatWasHeard([Values] bool isMuLaw)
    {
        await using var service = new RealtimeService(isMuLaw);
        await using var sample = await SampleProgram.StartAsync(
            "RealtimeBot", "--service", service.Url, "--key", "secret", "--format", isMuLaw ? "pcmu" : "pcm");
        await using var net = new Loopback();
        var ear = new Ear { IsSpeaking = true };
        var call = await CallAsync(await net.PhoneAsync(sample.Uri, "1001", ear), "700");
        await Loopback.UntilAsync(() => service.Authorization == "Bearer secret", "the key");
        await Loopback.UntilAsync(() => ear.HasHeardSound, "the service is heard");
        await Loopback.UntilAsync(() => service.HasHeardTone, "the service hears the caller");
        await service.InterruptAsync();
        await Loopback.UntilAsync(() => service.Truncated is not null, "what was heard");
        // Of ten seconds that it has sent at once.
        Assert.That(service.Truncated, Is.InRange(100, 9_500));
        await Loopback.UntilAsync(() => ear.IsSilent, "nothing more is heard, nor what was on its way");
        await call.HangUpAsync();
        await Loopback.UntilAsync(() => sample.Server.Bots.Count == 0, "the bot leaves with the caller");
    }

    private static async Task<ISipCall> CallAsync(SipPhone phone, string number)
    {
        var call = await phone.CallAsync(number);
        Assert.That((await call.Answered).IsAnswered, Is.True);
        return call;
    }
}

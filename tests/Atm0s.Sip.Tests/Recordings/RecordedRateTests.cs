using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Recordings;

/// <summary>A phone that has gone to a codec of another rate since it is in its booth.</summary>
[SingleThreaded]
public sealed class RecordedRateTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory();

    [TearDown]
    public void TearDown() => _folder.Delete(recursive: true);

    [TestCase(8, 9)]
    [TestCase(9, 8)]
    public async Task Recording_IsOfWhatTheBoothHas(int first, int second)
    {
        await using var world = new VirtualWorld();
        var server = world.StartServer(new TestHost().Handlers, options => options.Media.Timeout = TimeSpan.Zero);
        var alice = new ScriptedPhone(world, "alice", "10.0.2.1");
        var invite = alice.Invite("room1", "c1", SdpOf(alice, first));
        var ok = alice.WaitForResponse("INVITE", 200);
        alice.Ack(invite, ok);
        world.Complete(world.StartPhone("bob", new ToneEndpoint(880)).CallAsync("room1"));
        world.Advance(TimeSpan.FromSeconds(1));
        var call = server.Calls.Single(one => one.Info.From == "alice");
        var playing = call.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(30)), new PlayOptions { OverRoom = true });
        world.Advance(TimeSpan.FromSeconds(1));

        alice.Received.Clear();
        var again = alice.InDialog("INVITE", invite, ok, SdpOf(alice, second).Replace("- 1 1 IN", "- 1 2 IN", StringComparison.Ordinal));
        alice.Ack(again, alice.WaitForResponse("INVITE", 200));
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(playing.IsCompleted, Is.False, "the booth is open yet");
        var recording = world.Await(call.StartRecordingAsync(
            Path.Combine(_folder.FullName, $"{first}.wav"), new RecordingOptions { SampleRate = 16_000 }))!;
        world.Advance(TimeSpan.FromSeconds(3));
        world.Complete(recording.StopAsync());

        var (_, heard) = RecordingTests.Channels(recording.Path);
        Assert.That(heard.Duration, Is.EqualTo(TimeSpan.FromSeconds(3)).Within(TimeSpan.FromMilliseconds(60)));
        Assert.That(heard.End(TimeSpan.FromSeconds(2)).Body(TimeSpan.FromMilliseconds(100)).Measure(880).Snr, Is.GreaterThan(25));
    }

    private static string SdpOf(ScriptedPhone phone, int payload) =>
        phone.Sdp.Replace("RTP/AVP 8 101", $"RTP/AVP {payload} 101", StringComparison.Ordinal);
}

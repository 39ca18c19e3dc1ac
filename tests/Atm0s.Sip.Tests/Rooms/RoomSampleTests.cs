using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using SfuRooms;
using VirtualMixing;

namespace Atm0s.Sip.Tests.Rooms;

/// <summary>The rooms of the samples, in virtual time: who hears whom.</summary>
[SingleThreaded]
public sealed class RoomSampleTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void SfuRooms_EverybodyHearsTheOthers_AndNobodyHimself()
    {
        var sfu = new Sfu();
        var server = Start(sfu);
        var page = new Page("page");
        Assert.That(sfu.Join("hall", page), Is.True);
        var alice = new ToneEndpoint(440);
        var bob = new ToneEndpoint(880);
        var first = Call("alice", alice, "opus", "hall");
        Call("bob", bob, "PCMA", "hall");
        var packets = Tones.Packets(1320);
        for (var i = 0; i < 150; i++)
        {
            sfu.Room("hall")!.Forward(
                page, new OpusFrame { SequenceNumber = (ushort)i, Timestamp = (uint)i * 960, Payload = packets[i % packets.Length] });
            _world.Advance(TimeSpan.FromMilliseconds(20));
        }

        AssertHears(alice, [880, 1320], 440);
        AssertHears(bob, [440, 1320], 880);
        Assert.That(page.Heard.Keys, Is.EquivalentTo(server.Calls.Select(c => c.Info.ParticipantId)));
        Assert.That(page.Heard.Values, Has.All.InRange(140, 200));

        sfu.Leave("hall", page);
        _world.Complete(first.HangUpAsync());
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(server.Calls, Has.Count.LessThanOrEqualTo(1));
        Assert.That(sfu.Room("hall")?.Members.Count ?? 0, Is.EqualTo(server.Calls.Count));
    }

    [Test]
    public void SfuRooms_LoneSpeaker_IsForwardedToAnOpusPhone()
    {
        var sfu = new Sfu();
        Start(sfu);
        var alice = new ToneEndpoint(440) { IsSpeaking = false };
        var bob = new ToneEndpoint(880);
        Call("alice", alice, "opus", "hall");
        Call("bob", bob, "opus", "hall");
        _world.Advance(TimeSpan.FromSeconds(3));
        AssertHears(alice, [880], 440);
        Assert.That(bob.Recording.End(TimeSpan.FromSeconds(1)).Measure(880).Levels[880], Is.LessThan(-60));
    }

    [Test]
    public void VirtualMixing_ThreeSlots_EverybodyHearsTheLoudestOfTheOthers()
    {
        using var log = new StringWriter();
        Start(new MixedRooms(_world.Time, log));
        double[] tones = [400, 700, 1000, 1300, 1600];
        double[] levels = [-12, -15, -18, -40, -45];
        var phones = tones.Select((hz, i) => new ToneEndpoint(hz, 8000, levels[i])).ToArray();
        for (var i = 0; i < phones.Length; i++)
            Call($"user{i}", phones[i], i % 2 == 0 ? "opus" : "PCMA", "hall");
        _world.Advance(TimeSpan.FromSeconds(6));

        for (var i = 0; i < phones.Length; i++)
        {
            var heard = phones[i].Recording.End(TimeSpan.FromSeconds(2)).Measure(tones);
            for (var k = 0; k < tones.Length; k++)
            {
                if (k < 3 && k != i)
                    Assert.That(heard.Levels[tones[k]], Is.EqualTo(levels[k]).Within(3), $"{i} hears {k}: {heard}");
                else
                    // Opus makes a tone of 1300 Hz at -59 out of those of 400, 700 and 1000, whether or not anybody says it.
                    Assert.That(heard.Levels[tones[k]], Is.LessThan(-58), $"{i} does not hear {k}: {heard}");
            }
        }

        // Who falls silent makes room for the next.
        phones[0].IsSpeaking = phones[1].IsSpeaking = false;
        _world.Advance(TimeSpan.FromSeconds(6));
        var later = phones[2].Recording.End(TimeSpan.FromSeconds(2)).Measure(tones);
        Assert.That(later.Levels[1300], Is.EqualTo(-40).Within(2));
        Assert.That(later.Levels[1600], Is.EqualTo(-45).Within(2));
        Assert.That(later.Levels[400], Is.LessThan(-70));
        Assert.That(() => log.ToString().Split('\n').Count(line => line.StartsWith("slot ", StringComparison.Ordinal)),
            Is.GreaterThanOrEqualTo(5).After(5000, 10), "it is told");
    }

    private static void AssertHears(ToneEndpoint phone, double[] tones, double own)
    {
        var heard = phone.Recording.End(TimeSpan.FromSeconds(1)).Measure([.. tones, own]);
        foreach (var hz in tones)
            Assert.That(heard.Levels[hz], Is.EqualTo(-12).Within(1.5), $"{hz} Hz: {heard}");
        Assert.That(heard.Levels[own], Is.LessThan(-60), $"nobody hears himself: {heard}");
    }

    private SipServer Start(IRoomProvider rooms) => _world.StartServer(
        new SipServerHandlers { Auth = _host, Invite = _host, Calls = _host, Registrations = _host, Rooms = rooms });

    private ISipCall Call(string user, ToneEndpoint audio, string codec, string room)
    {
        var call = _world.Await(_world.StartPhone(user, audio, codec).CallAsync(room));
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        return call;
    }

    private sealed class Page(string name) : ISfuMember
    {
        public Dictionary<string, int> Heard { get; } = [];

        public string Name => name;

        public bool IsConnected => true;

        public void Hear(string speaker, in OpusFrame frame) => Heard[speaker] = Heard.GetValueOrDefault(speaker) + 1;

        public void OthersChanged(IReadOnlyList<ISfuMember> others)
        {
        }
    }
}

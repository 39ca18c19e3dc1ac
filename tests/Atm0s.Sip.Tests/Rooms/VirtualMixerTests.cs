using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Tests.Rooms;

/// <summary>The loudest in a few slots, as a host uses it. How they are chosen: SpeakerSlotsTests.</summary>
public sealed class VirtualMixerTests
{
    private static readonly byte[] Packet = [0x78, 1, 2, 3]; // hybrid, 20 ms

    [Test]
    public void Frames_GoToTheListener_AfterTheChangeOfTheirSlot()
    {
        var listener = new Listener();
        var mixer = new VirtualMixer(listener, slots: 2);
        var alice = mixer.AddSpeaker("alice");
        var bob = mixer.AddSpeaker("bob");
        Assert.That(mixer.GetSpeakers(), Is.EqualTo(new string?[] { null, null }));

        Assert.That(Say(alice, 0), Is.True);
        Assert.That(alice.Slot, Is.Zero);
        Assert.That(mixer.GetSpeakers(), Is.EqualTo(new string?[] { "alice", null }));
        Assert.That(alice.Push(new OpusFrame { SequenceNumber = 1, Timestamp = 960, Payload = [] }), Is.False, "no Opus");
        alice.Dispose();
        alice.Dispose();

        Assert.That(listener.Told, Is.EqualTo(new[] { "0: nobody > alice", "0: alice 4 bytes of 960", "0: alice > nobody" }));
        Assert.That(Say(alice, 1), Is.False, "it is gone");
        Assert.That(bob.Name, Is.EqualTo("bob"));
        Assert.That(() => new VirtualMixer(listener, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new VirtualMixer(listener, 17), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ManyThreads_AreHeardOneAtATime()
    {
        var listener = new Listener { Keeps = false };
        var mixer = new VirtualMixer(listener);
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            using var speaker = mixer.AddSpeaker($"speaker {i}");
            for (var n = 0; n < 20_000; n++)
                Say(speaker, n);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        Assert.That(listener.Overlaps, Is.Zero);
        Assert.That(listener.Frames, Is.GreaterThan(20_000));
        Assert.That(listener.Strangers, Is.Zero, "who speaks in a slot was told to be there");
        Assert.That(mixer.GetSpeakers(), Has.All.Null);
    }

    private static bool Say(VirtualSpeaker speaker, int number) => speaker.Push(
        new OpusFrame { SequenceNumber = (ushort)number, Timestamp = (uint)number * 960, Level = 20, Payload = Packet });

    private sealed class Listener : IVirtualMixerListener
    {
        private readonly string?[] _in = new string?[16];
        private int _inside;

        public List<string> Told { get; } = [];

        public bool Keeps { get; init; } = true;

        public int Overlaps { get; private set; }

        public int Strangers { get; private set; }

        public int Frames { get; private set; }

        public void OnSlotChanged(int slot, string? speaker, string? before)
        {
            Strangers += _in[slot] == before ? 0 : 1;
            _in[slot] = speaker;
            if (Keeps)
                Told.Add($"{slot}: {before ?? "nobody"} > {speaker ?? "nobody"}");
        }

        public void OnFrame(int slot, string speaker, in OpusFrame frame)
        {
            Overlaps += Interlocked.Increment(ref _inside) == 1 ? 0 : 1;
            Strangers += _in[slot] == speaker ? 0 : 1;
            Frames++;
            if (Keeps)
                Told.Add($"{slot}: {speaker} {frame.Payload.Length} bytes of {frame.Samples}");
            Interlocked.Decrement(ref _inside);
        }
    }
}

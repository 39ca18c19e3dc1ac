using Atm0s.Sip.Media.Forwarding;

namespace Atm0s.Sip.Media.Tests.Forwarding;

/// <summary>The loudest of many in three slots.</summary>
public sealed class SpeakerSlotsTests
{
    private static readonly byte[] Packet = [0x78, 1, 2, 3]; // hybrid, 20 ms

    private readonly List<(int Slot, string? Speaker, string? Before)> _changes = [];
    private readonly List<(int Slot, string Speaker, ushort Number, uint Time)> _frames = [];
    private SpeakerSlots _slots = null!;
    private TimeSpan _now;

    [SetUp]
    public void SetUp()
    {
        _slots = new SpeakerSlots(3);
        _now = TimeSpan.FromSeconds(5);
        _changes.Clear();
        _frames.Clear();
    }

    [Test]
    public void Loudest_AreInTheSlots_AndWhoIsLouderTakesTheSlotOfTheSoftest()
    {
        var people = People("a", "b", "c", "d");
        Run(people, 100, 20, 25, 30, 60);
        Assert.That(InSlots(), Is.EquivalentTo(new[] { "a", "b", "c" }));
        var first = _changes.Count;
        var ofC = people[2].Speaker.Slot!.Value;

        Run(people, 100, 20, 25, 50, 20);

        Assert.That(InSlots(), Is.EquivalentTo(new[] { "a", "b", "d" }));
        Assert.That(_changes[first..], Is.EqualTo(new[] { (ofC, (string?)"d", (string?)"c") }), "told once, and the others stay where they are");
    }

    [Test]
    public void OnlyWhoIsClearlyLouder_TakesTheSlotOfAnother()
    {
        var people = People("a", "b", "c", "d");
        Run(people, 50, 20, 25, 30, 60);
        var before = _changes.Count;
        Run(people, 100, 20, 25, 30, 29);
        Assert.That(_changes, Has.Count.EqualTo(before), "1 dB is not enough");
        Run(people, 100, 20, 25, 30, 27);
        Assert.That(InSlots(), Does.Contain("d"), "3 dB is");
    }

    [Test]
    public void NewSpeaker_IsHeardAfterTwoFramesAtMost_AndHoldsItsSlotThroughPauses()
    {
        var people = People("a", "b", "c", "d");
        Run(people, 50, 20, 25, 30, null);
        _frames.Clear();
        Run(people, 2, 20, 25, null, 10);
        Assert.That(_frames.Count(f => f.Speaker == "d"), Is.GreaterThanOrEqualTo(1));
        Run(people, 500, 20, 25, null, null);
        Assert.That(InSlots(), Does.Contain("d"), "ten seconds of silence, and nobody needs it");
        _frames.Clear();
        Run(people, 1, 20, 25, null, 30);
        Assert.That(_frames.Count(f => f.Speaker == "d"), Is.EqualTo(1), "at once");
    }

    /// <summary>Who takes the changes late finds each slot's right in the end, and not more of them than are kept.</summary>
    [Test]
    public void ChangesThatNobodyTakes_AreSummedUp()
    {
        var slots = new SpeakerSlots(2);
        var shown = new string?[2];
        for (var i = 0; i < 500; i++)
        {
            var speaker = slots.Add($"{i}");
            _now += TimeSpan.FromMilliseconds(20);
            slots.TryPlace(speaker, Frame(20), _now, out _, out _);
            if (i is not 498 and not 499)
                slots.Remove(speaker);
        }

        var count = 0;
        for (; slots.TryTakeChange(out var change); count++)
        {
            Assert.That(shown[change.Slot], Is.EqualTo(change.Before?.Name), "each goes on from where the one before ends");
            shown[change.Slot] = change.Speaker?.Name;
        }

        Assert.That(count, Is.LessThanOrEqualTo(64));
        Assert.That(shown, Is.EqualTo(new[] { slots.SpeakerIn(0)?.Name, slots.SpeakerIn(1)?.Name }));

        static EncodedFrame Frame(int level) =>
            new() { SequenceNumber = 0, Timestamp = 0, Samples = 960, Level = level, HasVoice = true, Payload = Packet };
    }

    [Test]
    public void EachSlot_IsOneStream()
    {
        var random = new Random(3);
        var people = People("a", "b", "c", "d", "e", "f", "g", "h");
        for (var turn = 0; turn < 60; turn++)
            Run(people, 25, [.. people.Select(_ => (int?)random.Next(15, 60))]);

        Assert.That(_changes.Count, Is.GreaterThan(30));
        for (var slot = 0; slot < 3; slot++)
        {
            var stream = _frames.Where(f => f.Slot == slot).ToArray();
            Assert.That(stream, Has.Length.GreaterThan(1000));
            foreach (var (one, next) in stream.Zip(stream.Skip(1)))
            {
                Assert.That(next.Number, Is.EqualTo((ushort)(one.Number + 1)));
                Assert.That(next.Time - one.Time, Is.InRange(960u, 3 * 960u));
            }
        }

        // All that was said in a slot came from whoever was told to be in it.
        Assert.That(_frames.GroupBy(f => (f.Slot, f.Time)).All(g => g.Count() == 1), Is.True);
    }

    [Test]
    public void WhoLeaves_LeavesItsSlotToNobody_AndTheNextGoesOnThere()
    {
        var people = People("a", "b", "c", "d");
        Run(people, 50, 20, 25, 30, 60);
        var slot = people[1].Speaker.Slot!.Value;
        var last = _frames.Last(f => f.Slot == slot);

        _slots.Remove(people[1].Speaker);
        TakeChanges();

        Assert.That(_changes[^1], Is.EqualTo((slot, (string?)null, (string?)"b")));
        Assert.That(people[1].Say(_slots, 20, _now), Is.Null, "it is gone");
        Run([people[0], people[2], people[3]], 2, 20, 30, 40);
        Assert.That(people[3].Speaker.Slot, Is.EqualTo(slot));
        Assert.That(_frames.Last(f => f.Slot == slot).Number, Is.GreaterThan(last.Number));
    }

    [Test]
    public void LossesAndOvertakingPackets_StayWhatTheyAre()
    {
        var a = People("a")[0];
        Run([a], 10, 20);
        var last = _frames[^1];
        a.Sequence += 2;
        a.Timestamp += 1920;
        Run([a], 1, 20);
        Assert.That(_frames[^1].Number - last.Number, Is.EqualTo(3));
        a.Sequence -= 2;
        a.Timestamp -= 1920;
        Run([a], 1, 20);
        Assert.That(_frames[^1].Number - last.Number, Is.EqualTo(2));
    }

    [Test]
    public void Placing_AllocatesNothing()
    {
        var people = People("a", "b", "c", "d", "e", "f");
        var random = new Random(1);
        Assert.That(AllocationMeter.Measure(() =>
        {
            foreach (var person in people)
                person.Say(_slots, random.Next(20, 50), _now);
            while (_slots.TryTakeChange(out _))
            {
            }

            _now += TimeSpan.FromMilliseconds(20);
        }), Is.Zero);
    }

    private Person[] People(params string[] names) => [.. names.Select((name, i) => new Person(_slots.Add(name), (ushort)(i * 1000)))];

    private string?[] InSlots() => [.. Enumerable.Range(0, 3).Select(slot => _slots.SpeakerIn(slot)?.Name)];

    private void Run(Person[] people, int frames, params int?[] levels)
    {
        for (var i = 0; i < frames; i++)
        {
            for (var p = 0; p < people.Length; p++)
            {
                var frame = people[p].Say(_slots, levels[p], _now);
                TakeChanges();
                if (frame is { } said)
                {
                    _frames.Add((said.Slot, people[p].Speaker.Name, said.Number, said.Time));
                    Assert.That(people[p].Speaker.Slot, Is.EqualTo(said.Slot));
                }
            }

            _now += TimeSpan.FromMilliseconds(20);
        }
    }

    private void TakeChanges()
    {
        while (_slots.TryTakeChange(out var change))
            _changes.Add((change.Slot, change.Speaker?.Name, change.Before?.Name));
    }

    private sealed class Person(SlotSpeaker speaker, ushort sequence)
    {
        public SlotSpeaker Speaker => speaker;

        public ushort Sequence { get; set; } = sequence;

        public uint Timestamp { get; set; } = sequence * 12345u;

        public (int Slot, ushort Number, uint Time)? Say(SpeakerSlots slots, int? level, TimeSpan now)
        {
            var (number, time) = (Sequence, Timestamp);
            Timestamp += 960;
            if (level is null)
                return null;
            Sequence++;
            EncodedFrame.TryDescribe(number, time, Packet, level, out var frame);
            return slots.TryPlace(speaker, frame, now, out var slot, out var placed)
                ? (slot, placed.SequenceNumber, placed.Timestamp)
                : null;
        }
    }
}

using Atm0s.Sip.Media.Jitter;

namespace Atm0s.Sip.Media.Tests.Jitter;

public sealed class PacketStoreTests
{
    private readonly PacketStore _store = new();

    [SetUp]
    public void SetUp() => _store.Clear();

    [Test]
    public void Put_FarAhead_ForgetsWhatTheWindowLeaves()
    {
        Put(10);
        Put(11);

        Assert.That(_store.TryPut(10 + PacketStore.Slots, 0, PacketKind.Filler, 0, default, default, out var lost), Is.True);

        Assert.That(lost, Is.EqualTo(1));
        Assert.That(_store.Knows(10), Is.False);
        Assert.That(_store.TryPeek(0, out var packet), Is.True);
        Assert.That(packet.Sequence, Is.EqualTo(11));
    }

    [Test]
    public void Put_BehindTheWindow_ChangesNothing()
    {
        Put(1000);

        Assert.That(Put(1000 - PacketStore.Slots), Is.False);
        Assert.That(Put(1000 - PacketStore.Slots + 1), Is.True);
        Assert.That(Put(-1), Is.False);
    }

    [Test]
    public void Knows_UsedUp_StaysKnownUntilTheWindowHasLeftIt()
    {
        Put(5);
        _store.Take(5);

        Assert.That(_store.Knows(5), Is.True);
        Assert.That(Put(5), Is.False, "a duplicate");
        Assert.That(_store.TryPeek(0, out _), Is.False);
        Assert.That(_store.Knows(-1), Is.False);
    }

    [Test]
    public void Peek_GivesWhatWasPut()
    {
        _store.TryPut(7, 700, PacketKind.Audio, 3, [1, 2, 3], TimeSpan.FromSeconds(9), out _);

        Assert.That(_store.TryPeek(0, out var packet), Is.True);
        Assert.That(
            (packet.Sequence, packet.Timestamp, packet.Kind, packet.Format, packet.Arrival),
            Is.EqualTo((7, 700, PacketKind.Audio, 3, TimeSpan.FromSeconds(9))));
        Assert.That(packet.Payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void RandomPutsAndTakes_AgreeWithADictionary()
    {
        var random = new Random(1);
        var model = new SortedDictionary<long, (long Timestamp, bool Waits, byte[] Payload)>();
        var (newest, around) = (-1L, 70_000L);
        for (var i = 0; i < 100_000; i++)
        {
            around += random.Next(50) == 0 ? random.Next(-200, 400) : random.Next(-3, 5);
            var sequence = around + random.Next(8);
            if (random.Next(3) > 0)
            {
                var payload = new byte[random.Next(random.Next(20) == 0 ? PacketStore.MaxPayload + 1 : 200)];
                random.NextBytes(payload);
                var fits = sequence >= 0 && !model.ContainsKey(sequence) && (newest < 0 || sequence > newest - PacketStore.Slots);
                Assert.That(_store.TryPut(sequence, i, PacketKind.Audio, 0, payload, default, out var lost), Is.EqualTo(fits));
                if (!fits)
                    continue;
                newest = Math.Max(newest, sequence);
                var left = model.Where(entry => entry.Key <= newest - PacketStore.Slots).ToList();
                Assert.That(lost, Is.EqualTo(left.Count(entry => entry.Value.Waits)));
                left.ForEach(entry => model.Remove(entry.Key));
                model[sequence] = (i, true, payload);
            }
            else if (model.TryGetValue(sequence, out var entry))
            {
                _store.Take(sequence);
                model[sequence] = entry with { Waits = false };
            }

            var from = sequence - random.Next(150);
            var expected = model.FirstOrDefault(entry => entry.Key >= from && entry.Value.Waits);
            Assert.That(_store.TryPeek(from, out var packet), Is.EqualTo(expected.Value.Waits));
            if (expected.Value.Waits)
                Assert.That(packet.Sequence == expected.Key && packet.Payload.SequenceEqual(expected.Value.Payload), Is.True);
            if (random.Next(10_000) == 0)
            {
                _store.Clear();
                model.Clear();
                newest = -1;
            }
        }
    }

    private bool Put(long sequence) => _store.TryPut(sequence, 0, PacketKind.Audio, 0, [1], default, out _);
}

using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-17.2")]
public class LingeringTransactionsTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(32);

    private readonly MergedRequests _merged = new();

    [Test]
    public void TryGet_FindsTheResponse()
    {
        var lingering = new LingeringTransactions(_merged);
        for (var i = 0; i < 1000; i++)
            Assert.That(lingering.TryAdd(Key(i), default, LingerKind.Answered, Wait, Content(i, i)), Is.True);

        for (var i = 0; i < 1000; i++)
        {
            Assert.That(lingering.TryGet(Key(i), out var found), Is.True);
            Assert.That(found.Kind, Is.EqualTo(LingerKind.Answered));
            Assert.That(found.Response.ToArray(), Is.EqualTo(Content(i, i)));
        }

        Assert.That(lingering.TryGet(Key(1000), out _), Is.False);
        Assert.That(lingering.TryAdd(Key(3), default, LingerKind.Accepted, Wait, default), Is.False, "its key is taken");
    }

    [Test]
    public void End_EndsEachAtItsTime_InGrainsOfATenthOfASecond()
    {
        var lingering = new LingeringTransactions(_merged);
        for (var i = 0; i < 500; i++)
            lingering.TryAdd(Key(i), default, LingerKind.Answered, Wait + TimeSpan.FromMilliseconds(i), Content(i, 100));
        lingering.TryAdd(Key(1000), default, LingerKind.Confirmed, TimeSpan.FromSeconds(5), default);

        Assert.That(lingering.NextDeadline, Is.EqualTo(TimeSpan.FromSeconds(5)));
        lingering.End(TimeSpan.FromSeconds(5), int.MaxValue);
        Assert.That(lingering.Contains(Key(1000)), Is.False);
        var wakes = 0;
        while (lingering.NextDeadline is { } next)
        {
            wakes++;
            lingering.End(next, int.MaxValue);
            var gone = (int)(next - Wait).TotalMilliseconds;
            Assert.That(lingering.Contains(Key(gone)), Is.False);
            Assert.That(lingering.Count, Is.EqualTo(Math.Max(0, 499 - gone)));
        }

        Assert.That(wakes, Is.EqualTo(6));
        Assert.That(lingering.Bytes, Is.Zero);
    }

    [Test]
    public void TryEvict_ForgetsTheRequestToo()
    {
        var lingering = new LingeringTransactions(_merged);
        using var request = Msg.Request("OPTIONS", callId: "evicted");
        lingering.TryAdd(Key(1), _merged.Add(request), LingerKind.Answered, Wait, Content(1, 10));
        Assert.That(_merged.IsMerged(request), Is.True);

        Assert.That(lingering.TryEvict(), Is.True);
        Assert.That(_merged.IsMerged(request), Is.False);
        Assert.That(lingering.TryEvict(), Is.False);
    }

    [Test]
    public void Confirm_AbsorbsUntilTimerI_AndForgetsItsResponse()
    {
        var lingering = new LingeringTransactions(_merged);
        using var request = Msg.Request("INVITE", callId: "confirmed");
        lingering.TryAdd(Key(1), _merged.Add(request), LingerKind.Refused, Wait, Content(1, 300));
        lingering.Confirm(Key(1), TimeSpan.FromSeconds(7));
        lingering.Confirm(Key(2), TimeSpan.FromSeconds(7));

        Assert.That(lingering.TryGet(Key(1), out var found), Is.True);
        Assert.That(found.Kind, Is.EqualTo(LingerKind.Confirmed));
        Assert.That(found.Response.IsEmpty, Is.True);
        Assert.That(lingering.Count, Is.EqualTo(1));
        Assert.That(_merged.IsMerged(request), Is.True);
        lingering.End(TimeSpan.FromSeconds(7), int.MaxValue);
        Assert.That(lingering.Count, Is.Zero);
        Assert.That(_merged.IsMerged(request), Is.False);

        // Its key is free again, and the old record's turn takes nothing away from who has it then.
        lingering.TryAdd(Key(1), _merged.Add(request), LingerKind.Accepted, Wait + Wait, default);
        lingering.End(Wait, int.MaxValue);
        Assert.That(lingering.Contains(Key(1)), Is.True);
        Assert.That(_merged.IsMerged(request), Is.True);
    }

    [Test]
    public void Confirm_WhereNothingIsRepeated_EndsAtOnce()
    {
        var lingering = new LingeringTransactions(_merged);
        lingering.TryAdd(Key(1), default, LingerKind.Refused, Wait, Content(1, 300));
        lingering.Confirm(Key(1), null);

        Assert.That(lingering.Contains(Key(1)), Is.False);
        lingering.End(Wait, int.MaxValue);
        Assert.That(lingering.Bytes, Is.Zero);
    }

    [Test]
    public void TryTake_OfItsKindOnly_AndLeavesNothingBehindTheFirst()
    {
        var lingering = new LingeringTransactions(_merged);
        using var request = Msg.Request("OPTIONS", callId: "taken");
        for (var i = 0; i < 3; i++)
            lingering.TryAdd(Key(i), i == 1 ? _merged.Add(request) : default, LingerKind.Trying, Wait, default);
        var full = lingering.Bytes;

        Assert.That(lingering.TryTake(Key(1), LingerKind.Refused, out _), Is.False);
        Assert.That(lingering.TryTake(Key(1), LingerKind.Trying, out var merge), Is.True);
        Assert.That(lingering.TryTake(Key(1), LingerKind.Trying, out _), Is.False);
        Assert.That(merge.IsEmpty, Is.False);
        Assert.That(_merged.IsMerged(request), Is.True, "it goes on as another kind");
        Assert.That((lingering.Count, lingering.Contains(Key(0)), lingering.Contains(Key(2))), Is.EqualTo((2, true, true)));
        Assert.That(lingering.TryTake(Key(0), LingerKind.Trying, out _), Is.True);
        Assert.That(lingering.Bytes, Is.EqualTo(full / 3), "the place of the second goes with the first");
        lingering.Forget(merge);
    }

    [Test]
    public void LocalTag_IsThatOfTheResponse_OrWhatWasKept()
    {
        var lingering = new LingeringTransactions(_merged);
        using var request = Msg.Request("OPTIONS");
        lingering.TryAdd(Key(1), default, LingerKind.Answered, Wait, Msg.Answer(request, 200, "t9"));
        lingering.TryAdd(Key(2), default, LingerKind.Accepted, Wait, "t8"u8);

        Assert.That(lingering.TryGet(Key(1), out var answered) && answered.LocalTag.SequenceEqual("t9"u8), Is.True);
        Assert.That(lingering.TryGet(Key(2), out var accepted) && accepted.LocalTag.SequenceEqual("t8"u8), Is.True);
    }

    [Test]
    public void RandomWork_IsThatOfALineOfRecords([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var queue = new LingerQueue();
        var model = new Queue<(int Id, LingerPlace Place, int Length)>();
        for (var step = 0; step < 20_000; step++)
        {
            var grows = step / 2000 % 2 == 0;
            if (random.NextDouble() < (grows ? 0.7 : 0.3))
            {
                // Now and then one that is larger than a block.
                var length = random.Next(200) == 0 ? random.Next(60_000) : random.Next(700);
                model.Enqueue((step, queue.Add(Key(step), default, LingerKind.Answered, Wait, Content(step, length)), length));
            }
            else
            {
                Assert.That(queue.TryTake(out var key, out _), Is.EqualTo(model.Count > 0));
                if (model.TryDequeue(out var expected))
                    Assert.That(key, Is.EqualTo(Key(expected.Id)));
            }

            Assert.That(queue.Count, Is.EqualTo(model.Count));
            if (model.Count > 0 && step % 100 == 0)
            {
                foreach (var (id, place, length) in model)
                    Assert.That(LingerQueue.Read(place).Response.SequenceEqual(Content(id, length)), Is.True);
            }
        }

        Assert.That(queue.Bytes, Is.EqualTo(model.Sum(m => (long)LingerQueue.SizeOf(m.Length))));
    }

    [Test]
    public void RandomWork_IsThatOfATable([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var lingering = new LingeringTransactions(_merged);
        var model = new Dictionary<int, (LingerKind Kind, TimeSpan End, byte[] Content)>();
        TimeSpan[] waits = [Wait, Wait, TimeSpan.FromSeconds(5), Wait, Wait];
        var now = TimeSpan.Zero;
        for (var step = 0; step < 20_000; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(30));
            var id = random.Next(3_000);
            switch (random.Next(10))
            {
                case < 6:
                    var kind = (LingerKind)random.Next(5);
                    var content = kind is LingerKind.Answered or LingerKind.Refused ? Content(id, random.Next(1, 900)) : [];
                    var end = now + waits[(int)kind];
                    Assert.That(lingering.TryAdd(Key(id), default, kind, end, content), Is.EqualTo(model.TryAdd(id, (kind, end, content))));
                    break;
                case 6:
                    lingering.Confirm(Key(id), now + waits[2]);
                    if (model.TryGetValue(id, out var refused) && refused.Kind == LingerKind.Refused)
                        model[id] = (LingerKind.Confirmed, now + waits[2], []);
                    break;
                case 7:
                    var isTrying = model.TryGetValue(id, out var trying) && trying.Kind == LingerKind.Trying;
                    Assert.That(lingering.TryTake(Key(id), LingerKind.Trying, out _), Is.EqualTo(isTrying));
                    if (isTrying)
                        model.Remove(id);
                    break;
                case 8:
                    lingering.End(now, int.MaxValue);
                    foreach (var over in model.Where(m => m.Value.End <= now).Select(m => m.Key).ToArray())
                        model.Remove(over);
                    break;
                default:
                    var found = lingering.TryGet(Key(id), out var left);
                    Assert.That(found, Is.EqualTo(model.TryGetValue(id, out var known)));
                    if (found)
                        Assert.That(left.Kind == known.Kind && left.Response.SequenceEqual(known.Content), Is.True);
                    break;
            }

            Assert.That(lingering.Count, Is.EqualTo(model.Count));
        }

        while (lingering.NextDeadline is { } next)
            lingering.End(next, int.MaxValue);
        Assert.That((lingering.Count, lingering.Bytes), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void AddAndEnd_Warm_AllocateNothing()
    {
        var lingering = new LingeringTransactions(_merged);
        var response = Content(1, 400);
        var now = TimeSpan.Zero;
        var next = 0;
        void Turn()
        {
            now += TimeSpan.FromMilliseconds(1);
            lingering.TryAdd(Key(next++), default, LingerKind.Answered, now + Wait, response);
            lingering.End(now, int.MaxValue);
        }

        for (var i = 0; i < 40_000; i++)
            Turn();
        Assert.That(lingering.Count, Is.EqualTo(32_000));
        Assert.That(AllocationMeter.Measure(Turn), Is.Zero);
    }

    private static MatchKey Key(int id) => new((ulong)(id + 1) << 32, 7);

    private static byte[] Content(int id, int length)
    {
        var content = new byte[length];
        Array.Fill(content, (byte)id);
        return content;
    }
}

using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
public class DeadlineQueueTests
{
    private readonly List<DeadlineItem> _ran = [];

    [SetUp]
    public void SetUp() => _ran.Clear();

    [Test]
    public void RunDue_EarliestFirstAndOnlyWhatIsDue()
    {
        var queue = new DeadlineQueue(capacity: 1);
        DeadlineItem[] items = [Add(queue, 30), Add(queue, 10), Add(queue, 20), Add(queue, 40)];

        Assert.That(queue.Next, Is.EqualTo(Ms(10)));
        Assert.That(queue.RunDue(Ms(30)), Is.EqualTo(3));
        Assert.That(_ran, Is.EqualTo(new[] { items[1], items[2], items[0] }));
        Assert.That(queue.Count, Is.EqualTo(1));
        Assert.That(queue.Next, Is.EqualTo(Ms(40)));
        Assert.That(items[0].DeadlineSlot, Is.EqualTo(DeadlineQueue.NotQueued));
    }

    [Test]
    public void Update_MovesBothWaysAndOut()
    {
        var queue = new DeadlineQueue();
        DeadlineItem a = Add(queue, 10), b = Add(queue, 20);
        Move(queue, a, 30);
        Assert.That(queue.Next, Is.EqualTo(Ms(20)));
        Move(queue, a, 5);
        Assert.That(queue.Next, Is.EqualTo(Ms(5)));
        Move(queue, a, 5);
        Move(queue, a, null);
        Move(queue, a, null);
        Assert.That(queue.Count, Is.EqualTo(1));
        Assert.That(queue.Next, Is.EqualTo(Ms(20)));
        queue.Remove(b);
        queue.Remove(b);
        Assert.That(queue.Next, Is.Null);
        Assert.That(queue.TryPopDue(TimeSpan.MaxValue, out _), Is.False);
    }

    [Test]
    public void RunDue_Limit_LeavesTheRestDue()
    {
        var queue = new DeadlineQueue();
        for (var i = 0; i < 10; i++)
            Add(queue, i);

        Assert.That(queue.RunDue(Ms(100), limit: 4), Is.EqualTo(4));
        Assert.That(queue.Count, Is.EqualTo(6));
        Assert.That(queue.RunDue(Ms(100), limit: 100), Is.EqualTo(6));
        Assert.That(queue.RunDue(Ms(100), limit: 0), Is.Zero);
    }

    [Test]
    public void RunDue_ItemWithAFurtherDeadline_ComesAgain()
    {
        var queue = new DeadlineQueue();
        var item = new DeadlineItem(_ran) { NextDeadline = Ms(10), Period = Ms(10) };
        queue.Update(item);

        Assert.That(queue.RunDue(Ms(10)), Is.EqualTo(1));
        Assert.That(queue.Next, Is.EqualTo(Ms(20)));
        Assert.That(queue.RunDue(Ms(19)), Is.Zero);
    }

    [Test]
    public void RunDue_ItemRemovesAndAddsOthersMeanwhile()
    {
        var queue = new DeadlineQueue();
        DeadlineItem first = Add(queue, 1), victim = Add(queue, 2);
        first.OnRun = () =>
        {
            queue.Remove(first);
            queue.Remove(victim);
            Add(queue, 3);
        };

        Assert.That(queue.RunDue(Ms(10)), Is.EqualTo(2));
        Assert.That(_ran, Has.No.Member(victim));
        Assert.That(queue.Count, Is.Zero);
    }

    [Test]
    public void ManyItems_RandomMoves_SameOrderAsSorting([Values(1, 2, 3, 4)] int seed)
    {
        var random = new Random(seed);
        var queue = new DeadlineQueue(capacity: 4);
        List<DeadlineItem> items = [.. Enumerable.Range(0, 20_000).Select(_ => Add(queue, random.Next(1_000_000)))];
        for (var i = 0; i < 40_000; i++)
        {
            var item = items[random.Next(items.Count)];
            Move(queue, item, random.Next(5) == 0 ? null : random.Next(1_000_000));
        }

        TimeSpan[] expected = [.. items.Where(item => item.NextDeadline is not null).Select(item => item.NextDeadline!.Value).Order()];
        Assert.That(queue.Count, Is.EqualTo(expected.Length));
        var got = new List<TimeSpan>();
        while (queue.TryPopDue(TimeSpan.MaxValue, out var item))
            got.Add(item.NextDeadline!.Value);
        Assert.That(got.SequenceEqual(expected), Is.True);
        Assert.That(items.All(item => item.DeadlineSlot == DeadlineQueue.NotQueued), Is.True);
    }

    [Test]
    public void Update_Warm_AllocatesNothing()
    {
        var queue = new DeadlineQueue();
        DeadlineItem[] items = [.. Enumerable.Range(0, 200).Select(i => Add(queue, i))];
        var allocated = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < items.Length; i++)
            {
                Move(queue, items[i], (i * 7919) % 1000);
                queue.Remove(items[i]);
                queue.Update(items[i]);
            }

            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Create_NoRoom_Throws() =>
        Assert.That(() => new DeadlineQueue(0), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private static void Move(DeadlineQueue queue, DeadlineItem item, int? ms)
    {
        item.NextDeadline = ms is { } value ? Ms(value) : null;
        queue.Update(item);
    }

    private DeadlineItem Add(DeadlineQueue queue, int ms)
    {
        var item = new DeadlineItem(_ran) { NextDeadline = Ms(ms) };
        queue.Update(item);
        return item;
    }
}

using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3261-13.2.2.4")]
public class ClientAcksTests
{
    [Test]
    public void TryGet_RepeatedForks_EachItsOwnAck()
    {
        var acks = new ClientAcks();
        byte[] first = [1], second = [2];
        Assert.That(TryGet(acks, "t1", out _), Is.False);
        Assert.That(TryAdd(acks, "t1", first), Is.True);
        Assert.That(TryAdd(acks, "t2", second), Is.True);

        Assert.That(TryGet(acks, "T1", out var ack), Is.True);
        Assert.That(ack.ToArray(), Is.EqualTo(first));
        Assert.That(TryGet(acks, "t2", out ack), Is.True);
        Assert.That(ack.ToArray(), Is.EqualTo(second));
        Assert.That(TryAdd(acks, "t1", second), Is.False);
    }

    [Test]
    public void TryGet_Rfc2543PeerWithoutTag()
    {
        var acks = new ClientAcks();
        TryAdd(acks, null, [3]);

        Assert.That(TryGet(acks, null, out _), Is.True);
        Assert.That(TryGet(acks, "t1", out _), Is.False);
    }

    [Test]
    public void TryAdd_InventedTags_AreBounded()
    {
        var acks = new ClientAcks(capacity: 3);
        for (var i = 0; i < 100; i++)
            TryAdd(acks, $"t{i}", [0]);

        Assert.That((acks.Count, acks.HasRoom), Is.EqualTo((3, false)));
        Assert.That(TryGet(acks, "t2", out _), Is.True);
        Assert.That(TryGet(acks, "t3", out _), Is.False);
        Assert.That(() => new ClientAcks(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static bool TryAdd(ClientAcks acks, string? tag, byte[] ack)
    {
        using var ok = Msg.Response(200, toTag: tag);
        return acks.TryAdd(ok, ack);
    }

    private static bool TryGet(ClientAcks acks, string? tag, out ReadOnlyMemory<byte> ack)
    {
        using var ok = Msg.Response(200, toTag: tag);
        return acks.TryGet(ok, out ack);
    }
}

using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
public class TransactionTableTests
{
    private readonly ServerLog _server = new();
    private readonly ClientLog _client = new();

    [Test]
    public void TryAdd_Full_RefusesServersButNotClients()
    {
        var table = new TransactionTable(maxServerTransactions: 2);
        Assert.That(table.TryAdd(Server("z9hG4bK1")), Is.True);
        ServerTransaction second = Server("z9hG4bK2");
        Assert.That(table.TryAdd(second), Is.True);
        Assert.That(table.IsFull, Is.True);
        Assert.That(table.TryAdd(Server("z9hG4bK3")), Is.False);
        Assert.That(table.TryAdd(Client("z9hG4bK3")), Is.True);
        Assert.That((table.ServerCount, table.ClientCount), Is.EqualTo((2, 1)));

        Assert.That(table.Remove(second), Is.True);
        Assert.That(table.IsFull, Is.False);
        Assert.That(table.TryAdd(Server("z9hG4bK3")), Is.True);
    }

    [Test]
    public void Reserve_IsForWhatBelongsToSomethingOnly()
    {
        var table = new TransactionTable(maxServerTransactions: 1, reserve: 1);
        Assert.That(table.TryAdd(Server("z9hG4bK1")), Is.True);
        Assert.That(table.TryAdd(Server("z9hG4bK2")), Is.False);
        Assert.That(table.TryAdd(Server("z9hG4bK2"), useReserve: true), Is.True);
        Assert.That(table.TryAdd(Server("z9hG4bK3"), useReserve: true), Is.False);
        Assert.That(table.IsFull, Is.True);
    }

    [Test]
    public void Full_WhatLingersGivesWay_OldestOfTheLeastCostlyKindFirst()
    {
        var table = new TransactionTable(maxServerTransactions: 5);
        Linger(table, "accepted", LingerKind.Accepted);
        Linger(table, "confirmed", LingerKind.Confirmed);
        Linger(table, "refused", LingerKind.Refused);
        Linger(table, "first", LingerKind.Answered);
        Linger(table, "second", LingerKind.Answered);
        Assert.That(table.IsFull, Is.False);

        string[] order = ["first", "second", "refused", "confirmed", "accepted"];
        for (var i = 0; i < order.Length; i++)
        {
            Assert.That(Lingers(table, order[i]), Is.True, order[i]);
            Assert.That(table.TryAdd(Server("z9hG4bKnew" + i)), Is.True);
            Assert.That(Lingers(table, order[i]), Is.False, order[i]);
            Assert.That(table.ServerCount, Is.EqualTo(5));
        }

        Assert.That(table.IsFull, Is.True);
        Assert.That(table.TryAdd(Server("z9hG4bKone-more")), Is.False);
        Assert.That(table.Evicted, Is.EqualTo(5));
    }

    [Test]
    public void Bytes_WhatLingersGivesWay_AndThenThereIsNoRoom()
    {
        using var request = Msg.Request("OPTIONS");
        var cost = ServerTransaction.CostOf(request);
        var table = new TransactionTable(maxServerTransactions: 1000, reserve: 250, maxBytes: 8 * cost);
        for (var i = 0; i < 100; i++)
        {
            Linger(table, "l" + i, LingerKind.Answered, new byte[400]);
            Assert.That(table.Bytes, Is.LessThanOrEqualTo(10 * cost), "a quarter more for what belongs to something");
        }

        Assert.That(table.IsFullFor(request), Is.False);
        for (var i = 0; i < 8; i++)
        {
            Assert.That(table.TryAdd(Server("z9hG4bK" + i)), Is.True);
            Assert.That(table.Bytes, Is.LessThanOrEqualTo(8 * cost));
        }

        Assert.That(table.Lingering.Count, Is.Zero);
        Assert.That(table.IsFullFor(request), Is.True);
        Assert.That(table.TryAdd(Server("z9hG4bKnew")), Is.False);
        Assert.That(table.TryAdd(Server("z9hG4bKbye1"), useReserve: true), Is.True);
        Assert.That(table.TryAdd(Server("z9hG4bKbye2"), useReserve: true), Is.True);
        Assert.That(table.TryAdd(Server("z9hG4bKbye3"), useReserve: true), Is.False);
    }

    [Test]
    public void TryAdd_KeyOfWhatLingers_False()
    {
        var table = new TransactionTable();
        Linger(table, "x", LingerKind.Answered);

        Assert.That(table.TryAdd(Server("z9hG4bKx")), Is.False);
    }

    [Test]
    public void TryAdd_KeyTaken_False()
    {
        var table = new TransactionTable();
        table.TryAdd(Server("z9hG4bK1"));
        table.TryAdd(Client("z9hG4bK1"));

        Assert.That(table.TryAdd(Server("z9hG4bK1")), Is.False);
        Assert.That(table.TryAdd(Client("z9hG4bK1")), Is.False);
    }

    [Test]
    public void Remove_AnotherWithTheSameKey_Stays()
    {
        var table = new TransactionTable();
        ServerTransaction mine = Server("z9hG4bK1");
        ClientTransaction client = Client("z9hG4bK1");
        table.TryAdd(mine);
        table.TryAdd(client);

        Assert.That(table.Remove(Server("z9hG4bK1")), Is.False);
        Assert.That(table.Remove(Client("z9hG4bK1")), Is.False);
        Assert.That(table.Remove(mine), Is.True);
        Assert.That(table.Remove(mine), Is.False);
        Assert.That(table.Remove(client), Is.True);
        Assert.That((table.ServerCount, table.ClientCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public void TryGet_FindsByMessage()
    {
        var table = new TransactionTable();
        ServerTransaction server = Server(Msg.Branch);
        ClientTransaction client = Client(Msg.Branch);
        table.TryAdd(server);
        table.TryAdd(client);
        using var request = Msg.Request("OPTIONS");
        using var otherRequest = Msg.Request("OPTIONS", branch: "z9hG4bKx");
        using var response = Msg.Response(200, "OPTIONS");
        using var otherResponse = Msg.Response(200, "BYE");

        Assert.That(table.TryGetServer(request, out var foundServer), Is.True);
        Assert.That(foundServer, Is.SameAs(server));
        Assert.That(table.TryGetClient(response, out var foundClient), Is.True);
        Assert.That(foundClient, Is.SameAs(client));
        Assert.That(table.TryGetServer(otherRequest, out _), Is.False);
        Assert.That(table.TryGetClient(otherResponse, out _), Is.False);
    }

    [Test]
    public void TryGet_LongBranches_AreFoundToo()
    {
        var table = new TransactionTable();
        var branch = "z9hG4bK" + new string('y', 600);
        ServerTransaction server = Server(branch);
        ClientTransaction client = Client(branch);
        table.TryAdd(server);
        table.TryAdd(client);
        using var request = Msg.Request("OPTIONS", branch: branch);
        using var response = Msg.Response(200, "OPTIONS", branch: branch);

        Assert.That(table.TryGetServer(request, out var found) && found == server, Is.True);
        Assert.That(table.TryGetClient(response, out var foundClient) && foundClient == client, Is.True);
    }

    [Test]
    public void TryGet_Warm_AllocatesNothing()
    {
        var table = new TransactionTable();
        table.TryAdd(Server(Msg.Branch));
        table.TryAdd(Client(Msg.Branch));
        using var request = Msg.Request("OPTIONS");
        using var response = Msg.Response(200, "OPTIONS");
        var allocated = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                table.TryGetServer(request, out _);
                table.TryGetClient(response, out _);
            }

            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Create_NoRoom_Throws() =>
        Assert.That(() => new TransactionTable(0), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static void Linger(TransactionTable table, string branch, LingerKind kind, byte[]? content = null) =>
        table.Linger(KeyOf(branch), default, kind, TimeSpan.FromSeconds(32), content ?? [1]);

    private static bool Lingers(TransactionTable table, string branch) => table.Lingering.Contains(KeyOf(branch).Match);

    private static TransactionKey KeyOf(string branch)
    {
        using var request = Msg.Request("OPTIONS", branch: "z9hG4bK" + branch);
        return TransactionKey.ForRequest(request);
    }

    private NonInviteServerTransaction Server(string branch)
    {
        using var request = Msg.Request("OPTIONS", branch: branch);
        return new NonInviteServerTransaction(request, false, SipTimers.Default, _server);
    }

    private NonInviteClientTransaction Client(string branch) =>
        new(branch, SipMethod.Options, Msg.Bytes("OPTIONS", branch: branch), false, SipTimers.Default, _client);
}

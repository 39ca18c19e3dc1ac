using System.Net;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Registrar;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Costs;

/// <summary>What registrations cost: bytes for each binding, and for each refresh.</summary>
[SingleThreaded]
[NonParallelizable]
public sealed class RegistrarCostTests
{
    private CostWorld _all = null!;
    private readonly byte[] _answer = new byte[4096];
    private ScriptedPhone? _phone;
    private int _number;

    [TearDown]
    public async Task TearDown()
    {
        _phone = null;
        await _all.DisposeAsync();
    }

    [Test]
    public void Binding_TakesAThousandBytesAtMost()
    {
        _all = new CostWorld(options => options.Access.Trust("10.0.0.0/8"));
        Register(0, 1_000);
        var before = Kept();
        Register(1_000, 31_000);
        var each = (Kept() - before) / 30_000;

        Assert.That(_all.Server.Registrations, Has.Count.EqualTo(31_000));
        TestContext.Out.WriteLine($"{each} bytes for each binding");
        Assert.That(each, Is.LessThanOrEqualTo(1_000));
    }

    [Test]
    public void BindingsThatExpire_LeaveNothing()
    {
        _all = new CostWorld(options => options.Access.Trust("10.0.0.0/8"));
        Register(0, 500);
        _all.Pass(TimeSpan.FromDays(1.1));

        Assert.That(_all.Server.Registrations, Is.Empty);
        Assert.That(_all.Server.Parts.Stack.Shards[0].NextDeadline, Is.Null);
    }

    // The transaction and the question to the host are what is left: the registrar itself makes the binding and writes the answer.
    [Test]
    public void RefreshedRegister_StaysWithinItsBudget()
    {
        _all = new CostWorld();
        var flow = NewFlow();
        var bytes = Enumerable.Range(0, 300).Select(_ => Refresh(flow)).Skip(100).Order().ToArray();

        TestContext.Out.WriteLine($"{bytes[100]} bytes for each refresh with digest");
        Assert.That(bytes[100], Is.LessThan(3_000));
    }

    [Test]
    public void RefreshInTheStore_AllocatesTheBindingAlone()
    {
        _all = new CostWorld(options => options.Access.Trust("10.0.0.0/8"));
        var flow = NewFlow();
        var (store, update) = (new BindingStore(new Atm0s.Sip.Defence.LiveSources()), new BindingUpdate());
        for (var i = 0; i < 10; i++)
            Apply(store, update, flow);
        var bytes = Apply(store, update, flow);

        Assert.That(store.Count, Is.EqualTo(1));
        Assert.That(bytes, Is.LessThanOrEqualTo(104));
    }

    [Test]
    public void RegisterWithoutCredentials_CreatesNothing()
    {
        _all = new CostWorld();
        var flow = NewFlow();
        for (var i = 0; i < 100; i++)
            _all.Receive(flow, Text("alice", flow, ""));
        var shard = _all.Server.Parts.Stack.Shards[0];

        Assert.That(CostWorld.AnswerTo(flow).Status, Is.EqualTo(401));
        Assert.That(
            (shard.Transactions.ServerCount, shard.NextDeadline, _all.Server.Registrations.Count), Is.EqualTo((0, (TimeSpan?)null, 0)));
    }

    private SilentFlow NewFlow() => new(new IPEndPoint(IPAddress.Parse("10.1.0.1"), 5060), _answer);

    private static long Kept()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    // A thousand at a time, so that the table of transactions does not count.
    private void Register(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var flow = new SilentFlow(new IPEndPoint(new IPAddress([10, 1, (byte)(i >> 8), (byte)i]), 5060), _answer);
            _all.Receive(flow, Text($"user{i}", flow, ""));
            if (i % 1_000 == 999)
                _all.Pass(TimeSpan.FromSeconds(40));
        }
    }

    private long Refresh(SilentFlow flow)
    {
        _all.Receive(flow, Text("alice", flow, ""));
        var challenge = CostWorld.AnswerTo(flow);
        _phone ??= new ScriptedPhone(_all.World, "alice", "10.9.0.1");
        var bytes = _all.Receive(flow, Text("alice", flow, _phone.Authorize(challenge, "REGISTER", "sip:test.local")));
        Assert.That(CostWorld.AnswerTo(flow).Status, Is.EqualTo(200));
        return bytes;
    }

    private long Apply(BindingStore store, BindingUpdate update, SilentFlow flow)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(Text("alice", flow, ""));
        SipParser.TryParse(text, SipLimits.Default, isStream: false, out var request, out _);
        RegisterReader.TryRead(request!, new RegistrarOptions(), out var wishes, out _);
        var (registrar, shard) = (_all.Server.Parts.Registrar, _all.Server.Parts.Stack.Shards[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var context = new RegisterContext(registrar, shard, flow, request!, wishes, "alice", "alice", "session");
        var result = store.Apply(update, ref context);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(result, Is.EqualTo(RegisterResult.Done));
        request!.Dispose();
        return bytes;
    }

    private string Text(string user, SilentFlow flow, string authorization) =>
        $"REGISTER sip:test.local SIP/2.0\r\nVia: SIP/2.0/UDP {flow.RemoteEndPoint};branch=z9hG4bK{++_number};rport\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:{user}@test.local>;tag=t{user}\r\nTo: <sip:{user}@test.local>\r\nCall-ID: call-{user}@phone.example\r\n"
        + $"CSeq: {_number} REGISTER\r\nContact: <sip:{user}@{flow.RemoteEndPoint};transport=udp>\r\nUser-Agent: A phone of some make "
            + $"1.2.3\r\n"
        + $"Expires: 86400\r\n{authorization}Content-Length: 0\r\n\r\n";
}

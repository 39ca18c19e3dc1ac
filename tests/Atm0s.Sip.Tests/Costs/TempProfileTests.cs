using System.Diagnostics.Tracing;
using System.Net;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
namespace Atm0s.Sip.Tests.Costs;
public sealed class TempProfileTests
{
    private readonly byte[] _answer = new byte[4096];
    private readonly byte[] _msg = new byte[4096];
    private CostWorld _all = null!;
    private SilentFlow _flow = null!;
    private long _bytes;
    private static readonly string Pad = "000000";
    private readonly byte[] _invite = Encoding.ASCII.GetBytes(CallCostTests.TextForProfile("INVITE", Pad, "<sip:room1@test.local>", CallCostTests.Offer));
    private readonly byte[] _ack = Encoding.ASCII.GetBytes(CallCostTests.TextForProfile("ACK", Pad, "<sip:room1@test.local>;tag=@@"));
    private readonly byte[] _bye = Encoding.ASCII.GetBytes(CallCostTests.TextForProfile("BYE", Pad, "<sip:room1@test.local>;tag=@@"));

    private void Send(byte[] template, int number)
    {
        // replace number and tag
        var tag = ReadOnlySpan<byte>.Empty;
        var at = _flow.Last.IndexOf("\r\nTo: "u8);
        if (at >= 0)
        {
            var to = _flow.Last[(at + 2)..]; to = to[..to.IndexOf("\r\n"u8)];
            var t = to.IndexOf(";tag="u8);
            if (t >= 0) tag = to[(t + 5)..];
        }
        Span<byte> digits = stackalloc byte[6];
        System.Buffers.Text.Utf8Formatter.TryFormat(number, digits, out _, new System.Buffers.StandardFormat('D', 6));
        var n = 0;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == '@' && template[i + 1] == '@') { tag.CopyTo(_msg.AsSpan(n)); n += tag.Length; i++; }
            else if (template.AsSpan(i).StartsWith("000000"u8)) { digits.CopyTo(_msg.AsSpan(n)); n += 6; i += 5; }
            else _msg[n++] = template[i];
        }
        if (!SipParser.TryParse(_msg.AsSpan(0, n), SipLimits.Default, false, out var m, out var r) || r != SipRefusal.None) throw new InvalidOperationException(r.ToString());
        m.RemoteEndPoint = _flow.RemoteEndPoint;
        var before = GC.GetAllocatedBytesForCurrentThread();
        ((ISipTransportSink)_all.Server.Parts.Stack).OnMessage(_flow, m);
        _all.World.Scheduler.RunUntilIdle();
        _bytes += GC.GetAllocatedBytesForCurrentThread() - before;
    }
    private void Call(int i)
    {
        Send(_invite, i); Send(_ack, i); Send(_bye, i);
        if (i % 50 == 0) { _all.World.Advance(TimeSpan.FromMilliseconds(40)); _all.Pass(TimeSpan.FromSeconds(40)); }
    }
    [Test]
    public async Task Profile()
    {
        using var listener = new L();
        _all = CallCostTests.NewWorld();
        _flow = new SilentFlow(new IPEndPoint(IPAddress.Parse("10.1.0.1"), 5060), _answer);
        for (var i = 0; i < 200; i++) Call(i);
        lock (listener.Types) listener.Types.Clear();
        _bytes = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 200; i < 6200; i++) Call(i);
        var total = GC.GetAllocatedBytesForCurrentThread() - before;
        Dictionary<string, long> types;
        lock (listener.Types) types = new(listener.Types);
        var sum = types.Values.Sum();
        TestContext.Out.WriteLine($"total/call {total / 6000}, in server {_bytes / 6000} events {sum / 6000}");
        foreach (var (n, b) in types.OrderByDescending(x => x.Value).Take(110))
            TestContext.Out.WriteLine($"{(double)b / sum * total / 6000,8:F0}  {n}");
        await _all.DisposeAsync();
    }
    private sealed class L : EventListener
    {
        public Dictionary<string, long> Types { get; } = new();
        protected override void OnEventSourceCreated(EventSource s)
        {
            if (s.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(s, EventLevel.Verbose, (EventKeywords)1);
        }
        protected override void OnEventWritten(EventWrittenEventArgs e)
        {
            if (e.EventName is not { } n || !n.StartsWith("GCAllocationTick", StringComparison.Ordinal)) return;
            var type = (string)e.Payload![5]!; var amount = Convert.ToInt64(e.Payload[3]);
            lock (Types) { Types.TryGetValue(type, out var v); Types[type] = v + amount; }
        }
    }
}

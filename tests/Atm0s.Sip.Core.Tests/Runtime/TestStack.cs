using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Tests.Requests;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Core.Tests.Runtime;

/// <summary>A stack whose application is a delegate.</summary>
internal sealed class TestStack : ISipApplication, IAsyncDisposable
{
    public TestStack(
        int shards = 2, SipScheduler? scheduler = null, TimeProvider? time = null, ILogger? log = null, params ISipTransport[] transports)
    {
        Stack = new SipStack(
            new SipStackOptions { ShardCount = shards },
            transports,
            this,
            new UasCapabilities([SipMethod.Options, SipMethod.Invite], [], []),
            new SipClock(time ?? TimeProvider.System),
            new CountingSipIds(),
            scheduler ?? SipScheduler.ThreadPool,
            log ?? NullLogger.Instance);
    }

    public SipStack Stack { get; }

    public SipShard this[int index] => Stack.Shards[index];

    /// <summary>Answers requests, on the shard.</summary>
    public Action<SipShard, SipFlow, SipMessage>? OnRequest { get; set; }

    void ISipApplication.OnRequest(SipShard shard, SipFlow flow, SipMessage request) => OnRequest?.Invoke(shard, flow, request);

    void ISipApplication.OnFlowClosed(SipFlow flow)
    {
    }

    public ValueTask DisposeAsync() => Stack.DisposeAsync();
}

using System.Diagnostics.Metrics;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>Transports below, an application above, shards between (RFC 3261 §5).</summary>
internal sealed class SipStack : ISipTransportSink, IAsyncDisposable
{
    private readonly SipShard[] _shards;
    private readonly IReadOnlyList<ISipTransport> _transports;
    private IWireTap? _tap;
    private bool _disposed;

    /// <summary>Makes a stack; nothing is opened before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Settings; not changed afterwards.</param>
    /// <param name="transports">Where messages come and go; owned by the stack.</param>
    /// <param name="application">Gets the requests.</param>
    /// <param name="capabilities">What the application understands; everything else is refused before it.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="ids">Source of tags, branches and Call-IDs.</param>
    /// <param name="scheduler">Where shards run.</param>
    /// <param name="logger">Log.</param>
    /// <param name="meterFactory">Makes its meter; null makes one that belongs to nobody.</param>
    public SipStack(
        SipStackOptions options,
        IReadOnlyList<ISipTransport> transports,
        ISipApplication application,
        UasCapabilities capabilities,
        SipClock clock,
        ISipIdGenerator ids,
        SipScheduler scheduler,
        ILogger logger,
        IMeterFactory? meterFactory = null)
    {
        options.Validate();
        Metrics = new StackMetrics(meterFactory);
        Options = options;
        Application = application;
        Capabilities = capabilities;
        Clock = clock;
        Ids = ids;
        StatelessTags = new StatelessTags(ids);
        Scheduler = scheduler;
        Logger = logger;
        _transports = transports;
        Spoken = SpokenTransports.Of(transports.Select(transport => transport.Protocol));
        _shards = new SipShard[options.ShardCount];
        for (var i = 0; i < _shards.Length; i++)
            _shards[i] = new SipShard(i, this);
        Metrics.ObserveTransactions(_shards);
    }

    /// <summary>Settings.</summary>
    public SipStackOptions Options { get; }

    /// <summary>The clock of all shards.</summary>
    public SipClock Clock { get; }

    /// <summary>Source of tags, branches and Call-IDs.</summary>
    public ISipIdGenerator Ids { get; }

    /// <summary>What the application understands.</summary>
    public UasCapabilities Capabilities { get; }

    /// <summary>The shards.</summary>
    public IReadOnlyList<SipShard> Shards => _shards;

    /// <summary>The transports, in the order they were given.</summary>
    public IReadOnlyList<ISipTransport> Transports => _transports;

    /// <summary>What the transports speak.</summary>
    public SpokenTransports Spoken { get; }

    /// <summary>Sees every message; null, as a rule, for nobody. Any thread.</summary>
    public IWireTap? Tap
    {
        get => Volatile.Read(ref _tap);
        set => Volatile.Write(ref _tap, value);
    }

    internal ISipApplication Application { get; }

    internal SipScheduler Scheduler { get; }

    internal ILogger Logger { get; }

    internal StackMetrics Metrics { get; }

    /// <summary>Opens all transports. When one cannot be opened the others are closed again.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var transport in _transports)
            await transport.StartAsync(this, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The shard of a Call-ID.</summary>
    public SipShard ShardOf(ReadOnlySpan<byte> callId) => _shards[(uint)SipMessage.HashCallId(callId) % (uint)_shards.Length];

    /// <summary>The To tags of answers without a transaction: the same for each copy of a request (RFC 3261 §8.2.7). Any thread.</summary>
    public StatelessTags StatelessTags { get; }

    /// <summary>Sends a message. On a shard.</summary>
    /// <returns>False when it can't be sent.</returns>
    public bool TrySend(SipFlow flow, ReadOnlySpan<byte> message)
    {
        Tap?.OnSent(flow, message);
        return flow.TrySend(message);
    }

    /// <summary>A way to an address over one of the transports, or null when none reaches it.</summary>
    /// <param name="protocol">Transport protocol.</param>
    /// <param name="remote">Address and port.</param>
    /// <param name="peer">Who must be there over TLS; null when only the address is known.</param>
    public SipFlow? TryGetFlow(SipTransportProtocol protocol, System.Net.IPEndPoint remote, Transport.Tls.TlsPeer? peer = null)
    {
        foreach (var transport in _transports)
        {
            if (transport.Protocol == protocol && transport.TryGetFlow(remote, peer) is { } flow)
                return flow;
        }

        return null;
    }

    /// <inheritdoc/>
    void ISipTransportSink.OnMessage(SipFlow flow, SipMessage message)
    {
        if (message.IsRequest && !IsAdmitted(flow, message))
            message.Dispose();
        else
            _shards[(uint)message.CallIdHash % (uint)_shards.Length].PostMessage(flow, message);
    }

    /// <inheritdoc/>
    void ISipTransportSink.OnRefused(SipRefusal refusal, int bytes) => Metrics.Refused(refusal);

    /// <inheritdoc/>
    void ISipTransportSink.OnReceiveOverflow(long datagrams) => Metrics.ReceiveOverflow(datagrams);

    /// <inheritdoc/>
    void ISipTransportSink.OnSendFailed(SipFlow flow) => Metrics.SendFailed();

    /// <inheritdoc/>
    void ISipTransportSink.OnFlowClosed(SipFlow flow)
    {
        foreach (var shard in _shards)
            shard.Post(owner => owner.OnFlowClosed(flow));
        Application.OnFlowClosed(flow);
    }

    /// <summary>Answers 503 with Retry-After (RFC 3261 §21.5.4) and keeps nothing. Any thread.</summary>
    /// <param name="flow">Where the request came from.</param>
    /// <param name="request">The request; no ACK.</param>
    internal void RefuseOverload(SipFlow flow, SipMessage request)
    {
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        StatelessTags.Begin(writer, request, 503, null);
        // RFC 3261 §21.5.4
        writer.Header(SipHeaderId.RetryAfter, 5u);
        writer.End();
        SipShard.RespondStateless(flow, request, buffer.WrittenSpan);
    }

    /// <summary>Closes the transports and stops the shards. What is still queued is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var transport in _transports)
            await StopAsync(transport.DisposeAsync).ConfigureAwait(false);
        foreach (var shard in _shards)
        {
            await StopAsync(() =>
            {
                shard.Dispose();
                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
        }

        Metrics.Dispose();
    }

    private async ValueTask StopAsync(Func<ValueTask> stop)
    {
        try
        {
            await stop().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // One part that fails must not leave the others running.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            try
            {
                StackLog.StopFailed(Logger, exception);
            }
#pragma warning disable CA1031 // Nor a log that throws too.
            catch
#pragma warning restore CA1031
            {
            }
        }
    }

    private bool IsAdmitted(SipFlow flow, SipMessage request)
    {
        var admission = Application.Admit(flow, request);
        request.IsOfKnown = admission == Admission.PassKnown;
        if (admission is Admission.Pass or Admission.PassKnown)
            return true;
        Metrics.Dropped(DropReason.NotAdmitted);
        if (admission == Admission.Refuse && request.Method != SipMethod.Ack && request.Refusal == SipRefusal.None)
            RefuseOverload(flow, request);
        return false;
    }
}

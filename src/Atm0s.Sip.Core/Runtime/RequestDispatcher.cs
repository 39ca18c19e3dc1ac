using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transactions;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>Finds who a received request is for: a transaction, a dialog, or the application (RFC 3261 §8.2, §9.2, §12.2.2).</summary>
internal sealed class RequestDispatcher(SipShard shard)
{
    private static ReadOnlySpan<byte> FirstVia => "\r\nVia: SIP/2.0/"u8;

    public void OnRequest(SipFlow flow, SipMessage request)
    {
        if (request.Refusal != SipRefusal.None)
        {
            Refuse(flow, request, request.Refusal.ToStatusCode(), request.Refusal.ToReason());
            return;
        }

        var key = TransactionKey.ForRequest(request);
        if (shard.Transactions.TryGetServer(key, out var transaction))
        {
            var exchange = (ServerExchange)transaction.Output;
            if (IsCutShort(flow, request, transaction.RequestLength) || (exchange.Flow.IsSecure && !flow.IsSecure))
                shard.Stack.Metrics.Dropped(DropReason.ShortRepetition);
            else
                exchange.OnRequest(request);
            return;
        }

        if (shard.Transactions.Lingering.TryGet(key.Match, out var left))
        {
            if (IsCutShort(flow, request, left.RequestLength))
                shard.Stack.Metrics.Dropped(DropReason.ShortRepetition);
            else
                OnRepetition(flow, request, key, left);
            return;
        }

        switch (request.Method)
        {
            case SipMethod.Ack:
                OnAck(flow, request);
                break;
            case SipMethod.Cancel:
                OnCancel(flow, request);
                break;
            default:
                // A full table refuses what is new; what belongs to a dialog has a reserve.
                if (!request.ToTag.IsEmpty)
                    OnInDialog(flow, request);
                else if (shard.Transactions.IsFullFor(request))
                    RefuseOverload(flow, request, DropReason.TransactionTableFull);
                else if (!shard.Governor.Admits(request.IsOfKnown))
                    RefuseOverload(flow, request, DropReason.Overload);
                else
                    OnNew(flow, request);
                break;
        }
    }

    // RFC 3261 §17.1: the client sends the same bytes again, over the same hop. What is shorter is no repetition, and must not fetch an
    // answer that was made for the length of the first one. An ACK is a message of its own.
    private static bool IsCutShort(SipFlow flow, SipMessage request, ushort length) =>
        !flow.IsReliable && request.Method != SipMethod.Ack && request.Raw.Length < length;

    // RFC 3261 §13.2.2.4: the ACK of a 2xx belongs to the dialog. Any other stray ACK is ignored.
    public void OnAck(SipFlow flow, SipMessage request)
    {
        if (shard.Dialogs.TryGetForRequest(request, out var user))
            user.OnRequest(shard, flow, request);
        else
            shard.Stack.Metrics.Dropped(DropReason.StrayAck);
    }

    // What was answered over TLS may hold keys (RFC 4568 §7): nobody fetches it in the clear.
    private static bool IsOverTls(ReadOnlySpan<byte> response)
    {
        var via = response.IndexOf(FirstVia);
        if (via < 0)
            return false;
        var transport = response[(via + FirstVia.Length)..];
        return transport.StartsWith("TLS"u8) || transport.StartsWith("WSS"u8);
    }

    // RFC 3261 §9.2
    private void OnCancel(SipFlow flow, SipMessage request)
    {
        if (!shard.Transactions.TryGetCancelled(request, out var key)
            || (shard.Transactions.TryGetServer(key, out var cancelled)
                && !shard.Stack.Application.MayCancel(((ServerExchange)cancelled.Output).Flow, flow)))
        {
            Refuse(flow, request, 481, null);
            return;
        }

        // Without a transaction: each copy finds the INVITE again and gets the same answer, and a stranger's CANCEL keeps nothing.
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        if (cancelled is null)
        {
            // A CANCEL has no effect on a request that has its final response.
            shard.Transactions.Lingering.TryGet(key.Match, out var left);
            SipResponseWriter.BeginTagged(writer, request, 200, null, left.LocalTag);
            writer.End();
            SipShard.RespondStateless(flow, request, buffer.WrittenSpan);
            return;
        }

        var exchange = (ServerExchange)cancelled.Output;
        SipResponseWriter.Begin(writer, request, 200, null, exchange.LocalTag);
        writer.End();
        SipShard.RespondStateless(flow, request, buffer.WrittenSpan);
        // Nor on any but an INVITE.
        if (cancelled.Method == SipMethod.Invite && !cancelled.HasFinalResponse)
            exchange.User?.OnCancel(shard, exchange, request);
    }

    // The transaction is answered, and nothing but its key and its response is left. The response goes where the repetition came from: a
    // phone behind a NAT may repeat from another port (RFC 3581 §4).
    private void OnRepetition(SipFlow flow, SipMessage request, TransactionKey key, in LingeringTransaction left)
    {
        var isAck = request.Method == SipMethod.Ack;
        if (isAck && left.Kind == LingerKind.Accepted)
            OnAck(flow, request);
        else if (isAck && left.Kind == LingerKind.Refused)
            Confirm(key, flow.IsReliable);
        else if (!isAck && !left.Response.IsEmpty && (flow.IsSecure || !IsOverTls(left.Response)))
            shard.Stack.TrySend(ResponseTarget.For(flow, request), left.Response);
    }

    private void Confirm(TransactionKey key, bool isReliable)
    {
        var wait = shard.Stack.Options.Timers.TimerI(isReliable);
        shard.Transactions.Lingering.Confirm(key.Match, wait == TimeSpan.Zero ? null : shard.Now + wait);
        shard.RescheduleLingering();
    }

    // RFC 3261 §12.2.2
    private void OnInDialog(SipFlow flow, SipMessage request)
    {
        if (shard.Dialogs.TryGetForRequest(request, out var user))
            user.OnRequest(shard, flow, request);
        else
            Refuse(flow, request, 481, null);
    }

    private void OnNew(SipFlow flow, SipMessage request)
    {
        // RFC 3261 §8.2.2.2
        if (shard.Merged.IsMerged(request))
        {
            Refuse(flow, request, 482, null);
            return;
        }

        var verdict = UasInspection.Inspect(request, shard.Stack.Capabilities);
        if (!verdict.IsOk)
        {
            RespondStateless(flow, request, verdict);
            return;
        }

        shard.Stack.Application.OnRequest(shard, flow, request);
    }

    // Errors before any state is made are answered without a transaction: a flood of them must cost nothing that stays.
    private void Refuse(SipFlow flow, SipMessage request, int status, string? reason)
    {
        if (status == 0 || request.Method == SipMethod.Ack)
        {
            shard.Stack.Metrics.Dropped(DropReason.Malformed);
            return;
        }

        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        shard.Stack.StatelessTags.Begin(writer, request, status, reason);
        writer.End();
        SipShard.RespondStateless(flow, request, buffer.WrittenSpan);
    }

    private void RespondStateless(SipFlow flow, SipMessage request, UasVerdict verdict)
    {
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        shard.Stack.StatelessTags.Begin(writer, request, verdict.StatusCode, null);
        verdict.WriteHeaders(ref writer);
        writer.End();
        SipShard.RespondStateless(flow, request, buffer.WrittenSpan);
    }

    private void RefuseOverload(SipFlow flow, SipMessage request, DropReason reason)
    {
        shard.Stack.Metrics.Dropped(reason);
        shard.Stack.RefuseOverload(flow, request);
    }
}

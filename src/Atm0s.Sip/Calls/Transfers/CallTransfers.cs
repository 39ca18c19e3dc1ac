using System.Text;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>The transfers of one call, in both directions: at most one each at a time. On the call's shard.</summary>
internal sealed class CallTransfers(Call call)
{
    private static readonly TransferResult _ended = new(TransferStatus.Ended);
    private static readonly TransferResult _notPossible = new(TransferStatus.NotPossible);

    private ReceivedRefer? _received;
    private SentRefer? _sent;
    private int _receivedCount;

    // RFC 3261 §20.5: who has no Allow says nothing about what he takes.
    private bool TakesRefer
    {
        get
        {
            var allow = call.RemoteHeaders.Where(h => h.Key.Equals("Allow", StringComparison.OrdinalIgnoreCase)).ToArray();
            return allow.Length == 0
                || allow.SelectMany(h => h.Value.Split(',')).Any(m => m.Trim().Equals("REFER", StringComparison.Ordinal));
        }
    }

    /// <summary>A REFER inside the dialog (RFC 3515 §2.4.2).</summary>
    public void OnRefer(CallDialog dialog, SipFlow flow, SipMessage request)
    {
        var status = ReferWish.TryRead(request, out var wish);
        if (wish is null)
            dialog.Respond(flow, request, status);
        else if (call.State != CallState.Answered)
            dialog.Respond(flow, request, 403, "Only a call that is answered can be transferred");
        else if (!call.Services.HookSource.Has<ITransferHandler>())
            dialog.Respond(flow, request, 603);
        else if (_received is { IsOver: false })
            // One call can't go two ways at once.
            dialog.Respond(flow, request, 491);
        else if (OwedResponse.Take(dialog, flow, request, OnGone) is { } owed)
        {
            // §2.4.6: the first needs no id, and phones that know of none expect it so.
            var id = ++_receivedCount > 1 ? request.CSeqNumber : (uint?)null;
            _received = new ReceivedRefer(dialog, owed, wish, id);
            _received.Begin();
        }
    }

    /// <summary>A NOTIFY inside the dialog, also after the end of the call (RFC 6665 §4.1.3).</summary>
    public void OnNotify(CallDialog dialog, SipFlow flow, SipMessage request)
    {
        if (!EventView.TryRead(request, out var subscription) || !subscription.Package.SequenceEqual("refer"u8))
        {
            // RFC 6665 §4.1.3, §8.3.2
            dialog.Respond(flow, request, 489, headers: [(SipHeaderId.AllowEvents, "refer")]);
            return;
        }

        if (_sent is not { } sent || !sent.Matches(subscription))
        {
            dialog.Respond(flow, request, 481);
            return;
        }

        if (!SubscriptionStateView.TryRead(request, out var state))
        {
            dialog.Respond(flow, request, 400, "Subscription-State is missing");
            return;
        }

        var isFragment = request.TryGetHeader(SipHeaderId.ContentType, out var type) && SipFragment.IsFragment(type);
        if (!request.Body.IsEmpty && !isFragment)
        {
            dialog.Respond(flow, request, 415, extra: [new("Accept", "message/sipfrag")]);
            return;
        }

        var status = SipFragment.TryReadStatus(request.Body, out var code, out _) ? code : 0;
        var isLast = state.Status == SubscriptionStatus.Terminated;
        dialog.Respond(flow, request, 200);
        sent.OnNotify(status, isLast);
    }

    /// <summary>A SUBSCRIBE inside the dialog: the phone refreshes or ends the reports of its REFER (RFC 3515 §2.4.4).</summary>
    public void OnSubscribe(CallDialog dialog, SipFlow flow, SipMessage request)
    {
        var id = EventView.TryRead(request, out var subscription) && !subscription.Id.IsEmpty ? Encoding.UTF8.GetString(subscription.Id) : null;
        if (_received?.Notify is not { IsOver: false } notify || (id is not null && notify.Id is not null && id != notify.Id))
        {
            // RFC 3515 §2.4.4: only a REFER makes such a subscription.
            dialog.Respond(flow, request, 403);
            return;
        }

        var ends = request.TryGetHeader(SipHeaderId.Expires, out var expires) && SipChars.Trim(expires).SequenceEqual("0"u8);
        dialog.Respond(
            flow,
            request,
            200,
            headers: [(SipHeaderId.Expires, ends ? "0" : notify.Remaining.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        notify.OnSubscribe(ends);
    }

    /// <summary>Whether a SUBSCRIBE is about the reports of a REFER.</summary>
    public static bool IsAbout(SipMessage subscribe) =>
        EventView.TryRead(subscribe, out var subscription) && subscription.Package.SequenceEqual("refer"u8);

    /// <summary>Sends the phone elsewhere. Any thread.</summary>
    public Task<TransferResult> RunAsync(string target, TransferOptions? options)
    {
        TransferAddress.Check(target, nameof(target));
        return call.Commands.AskAsync<TransferResult>(onDone => Send(target, null, options ?? new TransferOptions(), onDone), _ended);
    }

    /// <summary>Connects the phone with that of another call. Any thread.</summary>
    public Task<TransferResult> RunAsync(ISipCall other, TransferOptions? options)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other is EndedCall)
            return Task.FromResult(call.HasEnded ? _ended : _notPossible);
        if (other is not Call there || ReferenceEquals(there, call) || there.Services != call.Services)
            throw new ArgumentException("The other call is another one of the same server.", nameof(other));
        return call.Commands.AskAsync<TransferResult>(
            onDone => there.Post(() =>
            {
                var replaced = there.Transfers.AsReplaced();
                call.Post(() => Send(there, replaced, options ?? new TransferOptions(), onDone));
            }),
            _ended);
    }

    // RFC 5589 §7.3: the other phone has had the INVITE that replaces its call with us, and would say BYE itself.
    private void Send(Call there, (string Target, Replaces Dialog)? replaced, TransferOptions options, Action<TransferResult> onDone)
    {
        if (call.HasEnded)
            onDone(_ended);
        else if (replaced is not { } phone)
            onDone(_notPossible);
        else
            Send(phone.Target, phone.Dialog, options, result =>
            {
                onDone(result);
                if (result.Status == TransferStatus.Completed)
                    there.PostEnd(new CallEnd(CallEndCause.TransferredByUs, 0, "transferred by the host"));
            });
    }

    private void Send(string target, Replaces? replaces, TransferOptions options, Action<TransferResult> onDone)
    {
        if (call.State != CallState.Answered || call.Dialog is not { Open: not null } dialog || _sent is { IsOver: false } || !TakesRefer)
        {
            onDone(_notPossible);
            return;
        }

        _sent = new SentRefer(dialog, result =>
        {
            onDone(result);
            if (result.Status == TransferStatus.Completed)
                call.End(new CallEnd(CallEndCause.TransferredByUs, 0, "transferred by the host"));
        });
        var self = Encoding.UTF8.GetString(dialog.Sip.LocalUri);
        _sent.Send(
            ReferToView.Format(TransferAddress.ToUri(target, dialog.Sip.LocalUri), replaces), ReferredByView.Format(self), options.Timeout);
    }

    /// <summary>The dialog of an answered call as its phone names it in a Replaces (RFC 3891 §4), and where that phone is; else null.</summary>
    private (string Target, Replaces Dialog)? AsReplaced()
    {
        if (call.State != CallState.Answered || call.Dialog is not { Open: not null, Sip: var sip })
            return null;
        var replaces = new Replaces(
            Encoding.UTF8.GetString(sip.CallId), Encoding.UTF8.GetString(sip.RemoteTag), Encoding.UTF8.GetString(sip.LocalTag));
        return (Encoding.UTF8.GetString(sip.RemoteTarget), replaces);
    }

    private void OnGone() => _received?.OnGone();
}

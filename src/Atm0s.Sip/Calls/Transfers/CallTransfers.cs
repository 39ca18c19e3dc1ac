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
    // Each waits for the phone to answer its last NOTIFY, half a minute at most.
    private const int MaxReports = 4;

    private ReceivedRefer? _received;
    private SentRefer? _sent;
    private int _receivedCount;

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
        else if (call.Debts.CountOf<OwedNotify>() >= MaxReports)
            dialog.Respond(flow, request, 503, "The reports of earlier ones are not answered", retryAfter: 30);
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
        if (!EventView.TryRead(request, out var subscription) || !subscription.Package.SequenceEqual("refer"u8))
        {
            // RFC 6665 §7.2.1: 489 is for who takes subscriptions; we take none but that which a REFER has made.
            dialog.Respond(flow, request, 405);
            return;
        }

        var id = subscription.Id.IsEmpty ? null : Encoding.UTF8.GetString(subscription.Id);
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

    /// <summary>Sends the phone to where another call of ours goes, in whose place its own is to come (RFC 5589 §7.3).</summary>
    /// <param name="other">The other call.</param>
    /// <param name="options">Settings.</param>
    /// <param name="onDone">Told once how it went.</param>
    public void SendInPlaceOf(Call other, TransferOptions options, Action<TransferResult> onDone) => other.Post(() =>
    {
        var replaced = other.Transfers.AsReplaced();
        call.Post(() =>
        {
            if (replaced is not { } there)
            {
                onDone(new TransferResult(call.HasEnded ? TransferStatus.Ended : TransferStatus.NotPossible));
                return;
            }

            Send(there.Target, there.Dialog, options, result =>
            {
                onDone(result);
                // Its phone has had the INVITE that replaces it, and would say BYE itself.
                if (result.Status == TransferStatus.Completed)
                    other.PostEnd(new CallEnd(CallEndCause.TransferredByUs, 0, "transferred by the host"));
            });
        });
    });

    /// <summary>Sends the phone elsewhere.</summary>
    /// <param name="target">A URI, or a number of the domain by which the phone knows us.</param>
    /// <param name="replaces">The dialog that its call is to take the place of, or null.</param>
    /// <param name="options">Settings.</param>
    /// <param name="onDone">Told once how it went.</param>
    public void Send(string target, Replaces? replaces, TransferOptions options, Action<TransferResult> onDone)
    {
        if (call.State != CallState.Answered
            || call.Dialog is not { Open: not null } dialog
            || _sent is { IsOver: false }
            || !MessageHeaders.Allow(call.RemoteHeaders, "REFER"))
        {
            onDone(new TransferResult(TransferStatus.NotPossible));
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

    /// <summary>
    /// The dialog of an answered call as its phone names it in a Replaces (RFC 3891 §4), and where that phone is; else null.
    /// </summary>
    public (string Target, Replaces Dialog)? AsReplaced()
    {
        if (call.State != CallState.Answered || call.Dialog is not { Open: not null, Sip: var sip })
            return null;
        var replaces = new Replaces(
            Encoding.UTF8.GetString(sip.CallId), Encoding.UTF8.GetString(sip.RemoteTag), Encoding.UTF8.GetString(sip.LocalTag));
        return (Encoding.UTF8.GetString(sip.RemoteTarget), replaces);
    }

    private void OnGone() => _received?.OnGone();
}

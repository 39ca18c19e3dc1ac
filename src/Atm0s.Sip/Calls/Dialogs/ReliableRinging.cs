using System.Globalization;
using System.Text;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>Our provisional responses to an INVITE whose sender wants them acknowledged (RFC 3262 §3), at work.</summary>
internal sealed class ReliableRinging : IReliableProvisionalsOutput
{
    private readonly Call _call;
    private readonly OwedFinal _owed;
    private readonly ReliableProvisionals _machine;
    private CallTimer? _due;
    private readonly Action _onAcknowledged;

    /// <param name="call">The call.</param>
    /// <param name="owed">The INVITE.</param>
    /// <param name="onAcknowledged">Told of each PRACK that counts.</param>
    public ReliableRinging(Call call, OwedFinal owed, Action onAcknowledged)
    {
        _call = call;
        _owed = owed;
        _onAcknowledged = onAcknowledged;
        _machine = new ReliableProvisionals(
            owed.Request.CSeqNumber, call.Services.Stack.Options.Timers, call.Services.Stack.Ids, this);
    }

    /// <summary>Whether a 2xx has to wait, because a description that was sent is not acknowledged yet (RFC 3262 §3).</summary>
    public bool MustHoldSuccess => _machine.MustHoldSuccess;

    /// <summary>Sends one; nothing happens when too many wait for their PRACK.</summary>
    public void Ring(int status, IReadOnlyList<KeyValuePair<string, string>> extra, ReadOnlyMemory<byte> sdp)
    {
        // RFC 3262 §3: the same 180 each minute says nothing new while one is still out.
        if (sdp.IsEmpty && !_machine.IsIdle)
            return;
        var number = _machine.NextRSeq.ToString(CultureInfo.InvariantCulture);
        // RFC 3311 §5.1: who may send us an UPDATE before the answer is to know it.
        var allow = Encoding.ASCII.GetString(_call.Services.Stack.Capabilities.Allow.Span);
        var response = _owed.Write(
            status,
            extra: extra,
            headers: [(SipHeaderId.Require, "100rel"), (SipHeaderId.RSeq, number), (SipHeaderId.Allow, allow)],
            sdp: sdp);
        _machine.TrySend(response, !sdp.IsEmpty, _call.Shard.Now);
        Arm();
    }

    /// <summary>A PRACK inside the dialog; also after the final response, which may have crossed it.</summary>
    public void OnPrack(CallDialog dialog, SipFlow flow, SipMessage prack)
    {
        switch (_machine.OnPrack(prack, _call.Shard.Now))
        {
            case PrackVerdict.Ok:
                // RFC 3311 §5.1: our answer is acknowledged, so the PRACK may hold the next offer (RFC 3262 §5).
                if (_machine.HasAcknowledgedSdp && _call.Audio is not { IsNegotiating: true })
                    dialog.Guard.OnAnswered();
                dialog.OnPrackTaken(flow, prack);
                Arm();
                _onAcknowledged();
                break;
            case PrackVerdict.NoMatch:
                dialog.Respond(flow, prack, 481);
                break;
            default:
                dialog.Respond(flow, prack, 400, "RAck can't be read");
                break;
        }
    }

    /// <summary>The final response has been sent, or is about to.</summary>
    public void OnFinal()
    {
        _machine.OnFinal();
        _due?.Cancel();
    }

    void IReliableProvisionalsOutput.Send(ReliableProvisionals sender, ReadOnlyMemory<byte> response) =>
        _owed.Exchange.Respond(180, response);

    void IReliableProvisionalsOutput.OnTimeout(ReliableProvisionals sender) =>
        _call.End(new CallEnd(CallEndCause.AckTimeout, 504, "the caller has not acknowledged the ringing"));

    private void OnDue()
    {
        _machine.OnDeadline(_call.Shard.Now);
        Arm();
    }

    private void Arm()
    {
        if (_machine.NextDeadline is { } due)
            (_due ??= _call.NewTimer(OnDue)).Set(due - _call.Shard.Now);
        else
            _due?.Cancel();
    }
}

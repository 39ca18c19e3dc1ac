using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls;

/// <summary>
/// What stays of a call that ended while the ACK of its 2xx was still missing: the 2xx is repeated as before, so that the caller has a
/// final response, and BYE waits for the ACK, or until 64*T1 have passed (RFC 3261 §13.3.1.4, §15).
/// </summary>
internal sealed class OwedAck : IDialogUser
{
    private readonly CallServices _services;
    private readonly SipShard _shard;
    private readonly SipDialog _dialog;
    private readonly AcceptedInvite _accepted;
    private readonly bool _hasRung;
    private Action? _sayBye;

    /// <param name="services">What every call needs.</param>
    /// <param name="shard">Shard of the call.</param>
    /// <param name="dialog">Its dialog, in no table any more.</param>
    /// <param name="accepted">The 2xx.</param>
    /// <param name="sayBye">Sends the BYE; null when the phone has said it.</param>
    /// <param name="hasRung">Whether there was an early dialog, so that a BYE does not show that the phone has had the 2xx.</param>
    public OwedAck(CallServices services, SipShard shard, SipDialog dialog, AcceptedInvite accepted, Action? sayBye, bool hasRung)
    {
        _hasRung = hasRung;
        _services = services;
        _shard = shard;
        _dialog = dialog;
        _accepted = accepted;
        _sayBye = sayBye;
        accepted.OnAcknowledged = _ => Settle();
        accepted.OnGivenUp = Settle;
        shard.Dialogs.TryAdd(dialog.Id, this);
        services.Calls.FarewellSent();
    }

    void IDialogUser.OnRequest(SipShard shard, SipFlow flow, SipMessage request)
    {
        switch (request.Method)
        {
            case SipMethod.Ack:
                _accepted.OnAck(request);
                break;
            case SipMethod.Bye:
                _sayBye = null;
                SipShard.RespondStateless(flow, request, SipResponseWriter.Create(request, 200, null, null));
                // A phone that gave up while it rang may not have had the 2xx yet: then it goes on.
                if (!_hasRung)
                {
                    _accepted.Cancel();
                    Settle();
                }

                break;
            default:
                SipShard.RespondStateless(flow, request, SipResponseWriter.Create(request, 481, null, null));
                break;
        }
    }

    private void Settle()
    {
        _shard.Dialogs.Remove(_dialog.Id);
        _sayBye?.Invoke();
        _services.Calls.FarewellDone();
    }
}

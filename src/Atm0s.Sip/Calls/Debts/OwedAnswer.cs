using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Debts;

/// <summary>
/// The final response of a received UPDATE or PRACK that can't be answered at once. Its repetitions are absorbed meanwhile (RFC 3261 §17.2.2); the end
/// of the call answers it 487 (§15.1.2).
/// </summary>
internal sealed class OwedAnswer : WireDebt
{
    private readonly CallDialog _dialog;

    /// <param name="dialog">Its dialog.</param>
    /// <param name="flow">The way it came.</param>
    /// <param name="exchange">Its transaction.</param>
    /// <param name="request">The request; copied.</param>
    public OwedAnswer(CallDialog dialog, SipFlow flow, ServerExchange exchange, SipMessage request)
    {
        _dialog = dialog;
        Flow = flow;
        Exchange = exchange;
        Request = request.Clone();
        exchange.AnswersLater(request);
    }

    public SipFlow Flow { get; }

    public ServerExchange Exchange { get; }

    public SipMessage Request { get; }

    /// <summary>Whether it is answered.</summary>
    public bool IsPaid { get; private set; }

    /// <summary>It is answered.</summary>
    public void Pay()
    {
        if (IsPaid)
            return;
        IsPaid = true;
        Request.Dispose();
        Done();
    }

    public override void Settle(CallEnd why)
    {
        _dialog.Respond(Flow, Request, 487, exchange: Exchange);
        Pay();
    }

    public override void Abandon() => Pay();
}

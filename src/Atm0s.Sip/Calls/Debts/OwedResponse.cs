using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Server;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Debts;

/// <summary>
/// The final response of a request inside the dialog, other than INVITE, that waits for the host, or for the address of one that is named.
/// Its repetitions are absorbed meanwhile (RFC 3261 §17.2.2); the end of the call answers it 487 (§15.1.2).
/// </summary>
internal sealed class OwedResponse : WireDebt
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    private readonly CallDialog _dialog;
    private readonly ServerExchange _exchange;
    private readonly Action? _onGone;

    private OwedResponse(CallDialog dialog, SipFlow flow, ServerExchange exchange, SipMessage request, Action? onGone)
    {
        _dialog = dialog;
        _exchange = exchange;
        _onGone = onGone;
        Flow = flow;
        Request = request.Clone();
        exchange.AnswersLater(request);
    }

    /// <summary>The way that the request came.</summary>
    public SipFlow Flow { get; }

    public SipMessage Request { get; }

    /// <summary>Whether it has been sent.</summary>
    public bool IsPaid { get; private set; }

    /// <summary>
    /// How long the host may think about a request that is no INVITE. Its sender gives up after 64*T1 = 32 s (RFC 3261 §17.1.2.2): it is
    /// answered before that.
    /// </summary>
    public static TimeSpan LimitOf(SipServerOptions options) => options.HandlerTimeout < Limit ? options.HandlerTimeout : Limit;

    /// <summary>Takes a request.</summary>
    /// <param name="dialog">Its dialog.</param>
    /// <param name="flow">The way it came.</param>
    /// <param name="request">The request; copied.</param>
    /// <param name="onGone">Told when the call ends before it is answered; null tells nobody.</param>
    /// <param name="exchange">Its transaction, when it has one already; null makes one.</param>
    /// <returns>Null when it is answered already, or there is no room for it.</returns>
    public static OwedResponse? Take(
        CallDialog dialog, SipFlow flow, SipMessage request, Action? onGone = null, ServerExchange? exchange = null)
    {
        exchange ??= dialog.Call.Shard.Accept(flow, request, null);
        if (exchange is null)
            return null;
        var owed = new OwedResponse(dialog, flow, exchange, request, onGone);
        dialog.Call.Debts.Add(owed);
        return owed;
    }

    /// <summary>Answers; only the first counts.</summary>
    public void Answer(int status, string? phrase = null, IReadOnlyList<(SipHeaderId Id, string Value)>? headers = null)
    {
        if (IsPaid)
            return;
        _exchange.Respond(
            status,
            ServerResponses.Create(
                _dialog.Call.Services.Stack,
                Request,
                status,
                phrase,
                _exchange.LocalTag,
                // RFC 3515 §2: of a REFER as of a SUBSCRIBE.
                contact: status < 300 && Request.Method == SipMethod.Refer ? _dialog.Call.ContactFor(Flow) : null,
                retryAfter: status == 503 ? 5 : null,
                headers: headers));
        Pay();
    }

    public override void Settle(CallEnd why)
    {
        Answer(487);
        _onGone?.Invoke();
    }

    public override void Abandon() => Pay();

    /// <summary>It has been answered in its transaction.</summary>
    public void Pay()
    {
        if (IsPaid)
            return;
        IsPaid = true;
        Request.Dispose();
        Done();
    }
}

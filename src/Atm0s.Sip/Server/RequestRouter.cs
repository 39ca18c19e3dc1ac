using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Calls.Incoming;
using Atm0s.Sip.Calls.Messages;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Defence;
using Atm0s.Sip.Registrar;
using Atm0s.Sip.Trunks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Server;

/// <summary>Gives requests outside a dialog to those who answer them.</summary>
internal sealed class RequestRouter : ISipApplication
{
    // Seconds. A server that drains is gone for as long as another one needs to start.
    private const int DrainRetryAfter = 30;

    private SipServerOptions _options = null!;
    private RequestGate _gate = null!;
    private RegistrarService _registrar = null!;
    private IncomingCalls _calls = null!;
    private IncomingMessages _messages = null!;
    private TrunkDirectory _trunks = null!;
    private DrainState _drain = null!;
    private volatile bool _stopping;

    /// <summary>Is told of each connection that is gone, on any thread; null, as a rule, for nobody.</summary>
    public Action<SipFlow>? FlowClosed { get; set; }

    /// <summary>Dialogs that are told when their connection is gone.</summary>
    public ConnectionUsers? Connections { get; set; }

    public void Attach(
        SipServerOptions options,
        RequestGate gate,
        RegistrarService registrar,
        IncomingCalls calls,
        IncomingMessages messages,
        TrunkDirectory trunks,
        DrainState drain)
    {
        _drain = drain;
        _options = options;
        _gate = gate;
        _registrar = registrar;
        _calls = calls;
        _messages = messages;
        _trunks = trunks;
    }

    /// <summary>Whether no new calls are taken.</summary>
    public bool IsDraining => _stopping || _drain.IsOn;

    public void StopAccepting()
    {
        _stopping = true;
        _calls.Stop();
    }

    public Admission Admit(SipFlow flow, SipMessage request) => _gate.Judge(flow, request);

    public bool MayCancel(SipFlow invited, SipFlow flow) => _gate.MayCancel(invited, flow);

    public void OnRequest(SipShard shard, SipFlow flow, SipMessage request)
    {
        if (_stopping)
        {
            ServerResponses.Send(shard.Stack, flow, request, 503, retryAfter: 5);
            return;
        }

        // RFC 3261 §26.2.2: on the last hop, too, sips comes over TLS.
        if (!flow.IsSecure && UriTransport.IsSips(request.RequestUri))
        {
            ServerResponses.Send(shard.Stack, flow, request, 416);
            return;
        }

        switch (request.Method)
        {
            case SipMethod.Invite when _drain.IsOn && IncomingCalls.IsNew(request):
                _calls.RefuseDraining(flow, request, DrainRetryAfter);
                break;
            // RFC 3261 §11.2: as an INVITE would be answered. Who asks to know where to send calls sends them elsewhere.
            case SipMethod.Options when _drain.IsOn:
                ServerResponses.Send(shard.Stack, flow, request, 503, retryAfter: DrainRetryAfter);
                break;
            case SipMethod.Invite:
                _calls.OnInvite(shard, flow, request);
                break;
            case SipMethod.Register when _options.Registrar.Enabled:
                _registrar.OnRegister(shard, flow, request);
                break;
            case SipMethod.Options:
                // RFC 3261 §11.2: as an INVITE would be answered. §8.2.7: without a transaction, for anybody may ask, and each copy gets
                // the same answer.
                ServerResponses.Send(shard.Stack, flow, request, 200);
                break;
            case SipMethod.Message:
                _messages.OnMessage(shard, flow, request);
                break;
            case SipMethod.Refer:
                // A call is transferred by who is in it: RFC 3515 §2.4.2 lets us decline.
                ServerResponses.Send(shard.Stack, flow, request, 603);
                break;
            default:
                // What UasInspection let through but nobody wants outside a dialog, for example BYE without a tag (RFC 3261 §15.1.2).
                ServerResponses.Send(shard.Stack, flow, request, 481);
                break;
        }
    }

    public void OnFlowClosed(SipFlow flow)
    {
        // Whatever becomes of one of them, the others hear of it.
        try
        {
            _registrar.OnFlowClosed(flow);
        }
        finally
        {
            OnFlowClosedForCalls(flow);
        }
    }

    private void OnFlowClosedForCalls(SipFlow flow)
    {
        try
        {
            _trunks.OnFlowClosed(flow);
        }
        finally
        {
            try
            {
                Connections?.OnFlowClosed(flow);
            }
            finally
            {
                FlowClosed?.Invoke(flow);
            }
        }
    }
}

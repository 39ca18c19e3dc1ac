using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// Looks twice at a request inside a dialog that comes from elsewhere than its other side: Call-ID and tags are in the clear, and whoever
/// has heard them could end the call, or take it over. A phone that has a password shows it (RFC 3261 §22.1); one that moves, or has none,
/// is believed when nothing is left where it was: no answer to an OPTIONS (§12.2), and no audio. What is asked meanwhile waits, and nothing
/// of the dialog changes. On the call's shard.
/// </summary>
internal sealed class RequestSources(CallDialog dialog, SipFlow first, Action<SipFlow, SipMessage> onProven)
{
    private const int MaxProven = 4;

    // Audio that was sent before the request is no sign of life.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Listening = TimeSpan.FromSeconds(1);

    private readonly List<SourceKey> _proven = [];
    private readonly Call _call = dialog.Call;
    private SipMessage? _waiting;
    private SipFlow? _from;
    private IDisposable? _question;
    private CallTimer? _timer;
    private long? _heard;

    private CallServices Services => _call.Services;

    /// <summary>Whether a request comes from where the other side is known to be.</summary>
    public bool IsKnown(SipFlow flow)
    {
        var address = flow.RemoteEndPoint.Address;
        var source = SourceKey.Of(address);
        return source == SourceKey.Of(first.RemoteEndPoint.Address)
            || !Services.Options.Defence.CheckDialogSource
            || _proven.Contains(source)
            || source == SourceKey.Of(dialog.Flow.RemoteEndPoint.Address)
            || IsLiteral(dialog.Sip.RemoteTarget, source)
            || IsLiteral(dialog.Sip.NextHop, source)
            || Services.Access.Find(address) == AccessAction.Trust
            || _call.Trunk?.Contains(flow) == true
            || IsRegistered(source);
    }

    /// <summary>A request comes from elsewhere.</summary>
    public void Examine(SipFlow flow, SipMessage request)
    {
        // One at a time; a repetition finds its first copy here, anything else comes again: over a connection when it is told to.
        if (_waiting is not null)
        {
            if (flow.IsReliable)
                ServerResponses.Send(Services.Stack, flow, request, 500, retryAfter: 3);
            return;
        }

        var reading = Services.Authenticator.Read(request, flow);
        if (dialog.Username is not null && reading is { Credentials: { } credentials, Objection: null })
            Verify(flow, request, credentials);
        else if (dialog.Open is null || (HasPassword && request.Method is not (SipMethod.Invite or SipMethod.Update)))
            Refuse(flow, request, reading.IsStale);
        else
            Probe(flow, request);
    }

    /// <summary>The call has ended.</summary>
    public void Stop()
    {
        _question?.Dispose();
        // RFC 3261 §12.2.2: there is no such dialog any more.
        if (_waiting is { } request)
            ServerResponses.Send(Services.Stack, _from!, request, 481);
        Done();
    }

    private bool HasPassword => dialog.Username is not null && _call.PeerAuthentication == CallerAuthentication.Digest;

    private static bool IsLiteral(ReadOnlySpan<byte> uri, SourceKey source) =>
        FlowAddresses.TryGetLiteral(uri, out _, out var endPoint) && SourceKey.Of(endPoint!.Address) == source;

    private bool IsRegistered(SourceKey source) =>
        dialog.Username is { } username
        && Services.Registrar.BindingsOf(username).Any(b => SourceKey.Of(b.Flow.RemoteEndPoint.Address) == source);

    private void Verify(SipFlow flow, SipMessage request, DigestCredentials credentials)
    {
        Wait(flow, request);
        _question = Services.Authenticator.Verify(
            _call.Shard,
            credentials,
            Encoding.ASCII.GetString(request.MethodToken),
            Encoding.UTF8.GetString(request.From.Uri),
            _call.Id,
            flow,
            (_, verdict) => _call.Guard(() => OnVerdict(verdict)));
        if (_question is null)
            OnVerdict(new AuthVerdict(503, "its source or its user has to wait"));
    }

    private void OnVerdict(AuthVerdict verdict)
    {
        if (_waiting is not { } request)
            return;
        if (verdict.Login is { } login && (login.Name == dialog.Username || login.Owns(dialog.Username!)))
            Prove();
        else if (verdict.Status == 401)
            RefuseWaiting(isStale: true);
        else
        {
            ServerLog.DialogRequestRefused(_call.Logger, _call.Id, MethodOf(request), _from!.RemoteEndPoint, verdict.Reason);
            ServerResponses.Send(
                Services.Stack, _from, request, verdict.Status == 200 ? 403 : verdict.Status, retryAfter: verdict.Status == 503 ? 5 : null);
            Done();
        }
    }

    // Asks where the phone was: who has ended the call himself says that there is none (RFC 3261 §12.2.2, 481).
    private void Probe(SipFlow flow, SipMessage request)
    {
        Wait(flow, request);
        var probed = _waiting;
        SentRequest.Send(dialog, SipMethod.Options, (status, _) =>
        {
            if (!ReferenceEquals(_waiting, probed))
                return;
            if (status is 408 or 503)
                return;
            if (status == 481)
                Prove();
            else
                RefuseWaiting(isStale: false);
        });
        _timer ??= _call.NewTimer(OnSilence);
        _timer.Set(Settling);
    }

    private void OnSilence()
    {
        if (_waiting is null)
            return;
        var heard = _call.Audio?.GetStatistics().PacketsReceived ?? 0;
        if (_heard is not { } before)
        {
            _heard = heard;
            _timer!.Set(Listening);
        }
        else if (heard == before)
            Prove();
        else
            RefuseWaiting(isStale: false);
    }

    private void Wait(SipFlow flow, SipMessage request)
    {
        _waiting = request.Clone();
        _from = flow;
        _heard = null;
    }

    private void Prove()
    {
        var (request, flow) = (_waiting!, _from!);
        _waiting = null;
        using (request)
        {
            Done();
            if (_proven.Count == MaxProven)
                _proven.RemoveAt(0);
            _proven.Add(SourceKey.Of(flow.RemoteEndPoint.Address));
            onProven(flow, request);
        }
    }

    private void RefuseWaiting(bool isStale)
    {
        Refuse(_from!, _waiting!, isStale);
        Done();
    }

    // Without a transaction: who has no password keeps nothing of ours. 481: to him there is no such dialog.
    private void Refuse(SipFlow flow, SipMessage request, bool isStale)
    {
        Services.Metrics.LimitMet("dialog-source");
        ServerLog.DialogRequestRefused(
            _call.Logger, _call.Id, MethodOf(request), flow.RemoteEndPoint, "it does not come from where the phone is");
        if (HasPassword)
            ServerResponses.SendChallenge(
                Services.Stack, flow, request, Services.Authenticator.Challenge(_call.Shard.Now, flow.RemoteEndPoint.Address, isStale));
        else
            ServerResponses.Send(Services.Stack, flow, request, 481);
    }

    private void Done()
    {
        _timer?.Cancel();
        _waiting?.Dispose();
        _waiting = null;
        _question = null;
        _from = null;
    }

    private static string MethodOf(SipMessage request) => LogText.Word(request.MethodToken);
}

using System.Net;
using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Trunks;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Defence;

/// <summary>
/// Decides which requests are worked on at all, before anything is kept for them. Who is known passes; of a stranger's source a token
/// bucket lets through so many. Over UDP what is beyond is dropped without a word, for its source may be forged, unless it holds a nonce
/// that was given to that source; a connection is told to come back later (RFC 3261 §21.5.4). Allocates nothing but for a log entry. Any thread.
/// </summary>
internal sealed class RequestGate(
    DefenceOptions options,
    SipClock clock,
    LiveSources live,
    AccessList access,
    TrunkDirectory trunks,
    Offenders offenders,
    Func<SipMessage, IPAddress, bool> holdsNonce,
    SipServerMetrics metrics,
    ILogger logger)
{
    private volatile SourceBuckets _unverified = NewBuckets(options);
    // What others send in the name of a source over UDP takes nothing from what is its own beyond doubt.
    private volatile SourceBuckets _verified = NewBuckets(options);
    private volatile byte[][] _scanners = ReadScanners(options);
    private readonly LogBudget _lines = new(perSecond: 10);

    /// <summary>The limits have changed: every source begins anew with its burst, where they are others than before.</summary>
    public void Renew()
    {
        _scanners = ReadScanners(options);
        if (_verified.PerSecond == options.MaxRequestsPerSecondPerSource && _verified.Burst == options.MaxBurstPerSource)
            return;
        _unverified = NewBuckets(options);
        _verified = NewBuckets(options);
    }

    public Admission Judge(SipFlow flow, SipMessage request)
    {
        var address = flow.RemoteEndPoint.Address;
        var source = SourceKey.Of(address);
        if (live.Contains(source) || access.Find(address) == AccessAction.Trust || trunks.IsOfAny(flow))
            return Admission.PassKnown;
        if (offenders.IsDropped(source, clock.Now))
        {
            metrics.LimitMet("offender");
            return Admission.Drop;
        }

        var isInside = request.OpensNothing;
        if (!isInside && IsScanner(request, out var agent))
            return DropScanner(flow, request, agent);
        var isNews = false;
        if (!flow.IsReliable && _unverified.TryTake(source, isInside, clock.Now, out isNews))
            return Admission.Pass;
        if ((flow.IsReliable || holdsNonce(request, address)) && _verified.TryTake(source, isInside, clock.Now, out isNews))
            return Admission.Pass;
        metrics.LimitMet("source");
        if (isNews && _lines.TryTake(clock.Now))
            ServerLog.SourceSlowed(logger, address, NameOf(flow), options.MaxRequestsPerSecondPerSource);
        return flow.IsReliable ? Admission.Refuse : Admission.Drop;
    }

    /// <summary>
    /// Whether a CANCEL may be of who has sent the INVITE: the same source, or another address of the same trusted sender, and not in the
    /// clear for what came encrypted.
    /// </summary>
    public bool MayCancel(SipFlow invited, SipFlow flow)
    {
        var (first, second) = (invited.RemoteEndPoint.Address, flow.RemoteEndPoint.Address);
        if (invited.IsSecure && !flow.IsSecure)
            return false;
        return !options.CheckDialogSource
            || SourceKey.Of(first) == SourceKey.Of(second)
            || access.Find(second) == AccessAction.Trust
            || trunks.FindBySource(flow, default) is { } trunk && trunk.IsSource(invited);
    }

    private static SourceBuckets NewBuckets(DefenceOptions options) =>
        new(options.MaxRequestsPerSecondPerSource, options.MaxBurstPerSource);

    private static byte[][] ReadScanners(DefenceOptions options) => [.. options.DroppedUserAgents.Select(Encoding.UTF8.GetBytes)];

    private bool IsScanner(SipMessage request, out ReadOnlySpan<byte> agent)
    {
        var scanners = _scanners;
        if (scanners.Length == 0 || !request.TryGetHeader(SipHeaderId.UserAgent, out agent))
        {
            agent = default;
            return false;
        }

        foreach (var name in scanners)
        {
            if (agent.Length >= name.Length && SipChars.EqualsIgnoreCase(agent[..name.Length], name))
                return true;
        }

        return false;
    }

    private Admission DropScanner(SipFlow flow, SipMessage request, ReadOnlySpan<byte> agent)
    {
        metrics.LimitMet("scanner");
        if (flow.IsReliable && offenders.Add(flow.RemoteEndPoint.Address, clock.Now))
            ServerLog.OffenderDropped(logger, flow.RemoteEndPoint.Address, options.DropDuration);
        if (_lines.TryTake(clock.Now) && logger.IsEnabled(LogLevel.Warning))
            ServerLog.ScannerDropped(
                logger, flow.RemoteEndPoint.Address, NameOf(flow), LogText.Word(request.MethodToken), LogText.Word(agent));
        return Admission.Drop;
    }

    private static string NameOf(SipFlow flow) => flow.Protocol.ToName();
}

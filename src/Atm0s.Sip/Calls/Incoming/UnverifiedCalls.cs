using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Incoming;

/// <summary>
/// Limits for calls of callers who have shown neither who they are nor that they are where their packets say: one source has a part of the
/// calls and ports, and those without an ACK have a small one, whatever their sources (RFC 3261 §26.1.5). Over UDP an address that is
/// trusted may be forged, too: such calls have a large part of the places until their ACK. Any thread.
/// </summary>
internal sealed class UnverifiedCalls(CallOptions calls, MediaOptions media)
{
    private readonly SourceLimiter _calls = new(int.MaxValue, MaxPerSource(calls, media));
    private readonly SourceLimiter _unconfirmed = new(MaxUnconfirmed(calls), calls.MaxUnconfirmedPerSource);
    private readonly SourceLimiter _trusted = new(MaxTrusted(calls), MaxTrusted(calls));

    /// <summary>The limits have changed.</summary>
    public void Renew()
    {
        _calls.SetLimits(int.MaxValue, MaxPerSource(calls, media));
        _unconfirmed.SetLimits(MaxUnconfirmed(calls), calls.MaxUnconfirmedPerSource);
        _trusted.SetLimits(MaxTrusted(calls), MaxTrusted(calls));
    }

    /// <summary>A place for one more call without an ACK from an address that is trusted, or null when there are as many as may be.</summary>
    public UnverifiedCall? TryEnterTrusted(IPAddress source, Func<IPAddress, bool> isOfSender) =>
        _trusted.TryEnter(source) ? new UnverifiedCall(source, null, _trusted) { IsOfSender = isOfSender } : null;

    /// <summary>A place for one more such call, or null when its source has as many as it may.</summary>
    public UnverifiedCall? TryEnter(IPAddress source)
    {
        if (!_calls.TryEnter(source))
            return null;
        if (_unconfirmed.TryEnter(source))
            return new UnverifiedCall(source, _calls, _unconfirmed);
        _calls.Leave(source);
        return null;
    }

    private static int MaxUnconfirmed(CallOptions calls) => Math.Min(calls.MaxUnconfirmed, (calls.MaxCalls + 1) / 2);

    private static int MaxTrusted(CallOptions calls) => Math.Min(calls.MaxCalls, Math.Max(100, (calls.MaxCalls + 1) / 2));

    private static int MaxPerSource(CallOptions calls, MediaOptions media)
    {
        var portPairs = (media.LastPort - media.FirstPort + 1) / 2;
        return calls.MaxUnverifiedPerSource ?? (Math.Min(calls.MaxCalls, portPairs) + 3) / 4;
    }
}

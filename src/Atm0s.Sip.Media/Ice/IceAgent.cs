using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Stun;

namespace Atm0s.Sip.Media.Ice;

/// <summary>
/// A lite agent for one component (RFC 8445 §2.5): it answers checks that know the password, and takes the pair that the peer nominates.
/// The peer's checks are its consent to be sent to (RFC 7675): without one for 30 s there is no path, until a restart. No clock, no socket;
/// one caller at a time, and no allocation per datagram.
/// </summary>
internal sealed class IceAgent
{
    /// <summary>Time without a check after which nothing may be sent (RFC 7675 §5.1).</summary>
    public static readonly TimeSpan ConsentTime = TimeSpan.FromSeconds(30);

    /// <summary>The longest response.</summary>
    public const int MaxResponse = 160;

    private IceSession _session;
    private IceSession? _before; // before a restart, until a pair of this one is nominated
    private bool _knowsNoConsent;
    private bool _asksConsent;      // by checks, long after the nomination: its indications mean nothing, whoever has sent them
    private TimeSpan? _nominatedAt;

    /// <summary>Begins.</summary>
    /// <param name="session">What offer and answer say.</param>
    public IceAgent(IceSession session) => _session = session;

    /// <summary>Where media goes; none before a nomination, and after consent was lost.</summary>
    public MediaAddress Selected => IsLost ? default : Selection.Selected;

    /// <summary>Whether consent was lost.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether a check was authentic.</summary>
    public bool IsActive { get; private set; }

    private IcePairs Selection => _session.Pairs.Selected.IsNone && _before is not null ? _before.Pairs : _session.Pairs;

    /// <summary>
    /// Goes by another offer and answer with other credentials (RFC 8445 §9): the path of before holds until a nomination.
    /// </summary>
    public void Restart(IceSession session)
    {
        if (!_session.Pairs.Selected.IsNone)
            _before = IsLost ? null : _session;
        _session = session;
        (IsLost, _asksConsent, _nominatedAt) = (false, false, null);
    }

    /// <summary>Whether who sends from there has proved to know the password.</summary>
    public bool IsValid(MediaAddress source) => _session.Pairs.Contains(source) || _before?.Pairs.Contains(source) == true;

    /// <summary>Takes a datagram of STUN.</summary>
    /// <param name="datagram">All of it.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="now">Monotonic.</param>
    /// <param name="response">Receives the response, for <paramref name="source"/>; <see cref="MaxResponse"/> bytes.</param>
    /// <param name="length">Length of the response; 0 when there is none.</param>
    public IceVerdict OnDatagram(ReadOnlySpan<byte> datagram, MediaAddress source, TimeSpan now, Span<byte> response, out int length)
    {
        length = 0;
        if (!StunMessage.TryParse(datagram, out var message) || message.Method != StunFormat.Binding
            || (message.HasFingerprint && !message.IsFingerprintRight()))
            return IceVerdict.Ignored;
        if (message.Class == StunClass.Indication)
            return OnIndication(source);
        // RFC 8489 §9.1.3 has 400 and 401 for strangers; they get nothing, so that nobody is shot at through us.
        if (message.Class != StunClass.Request || !message.HasIntegrity || FindSession(message.Username) is not { } session
            || !message.IsAuthentic(session.Password))
            return IceVerdict.Ignored;
        if (message.Unknown != 0)
        {
            length = Refuse(message, session, 420, "Unknown Attribute", response);
            return IceVerdict.Refused;
        }

        // RFC 8445 §6.1.1: a lite agent is controlled. Told to change its role (§7.2.5.1), the peer does so once, and there is no loop.
        if (message.Controlled is not null && !session.Parameters.RemoteIsLite)
        {
            length = Refuse(message, session, 487, "Role Conflict", response);
            return IceVerdict.Refused;
        }

        OnCheck(message, session, source, now);
        var writer = new StunWriter(response, StunClass.Success, message.TransactionId);
        writer.WriteAddress(source);
        writer.WriteIntegrity(session.Password);
        writer.WriteFingerprint();
        length = writer.Length;
        return IceVerdict.Answered;
    }

    /// <summary>
    /// Authentic media has come: of a peer that keeps its path alive by indications, and so knows no consent (RFC 5245 §10), that has to
    /// stand for it.
    /// </summary>
    public void OnMedia(MediaAddress source, TimeSpan now)
    {
        if (_knowsNoConsent && !_asksConsent && source == Selection.Selected)
            Selection.Renew(now);
    }

    /// <summary>Looks whether consent still holds.</summary>
    /// <param name="now">Monotonic.</param>
    /// <returns>True once, when it was just lost.</returns>
    public bool LosesConsent(TimeSpan now)
    {
        if (IsLost || Selection.Selected.IsNone || now - Selection.LastConsent <= ConsentTime)
            return false;
        IsLost = true;
        return true;
    }

    private static int Refuse(in StunMessage request, IceSession session, int code, string phrase, Span<byte> response)
    {
        var writer = new StunWriter(response, StunClass.Error, request.TransactionId);
        writer.WriteError(code, phrase);
        if (request.Unknown != 0)
            writer.WriteUnknown(request.Unknown);
        writer.WriteIntegrity(session.Password);
        writer.WriteFingerprint();
        return writer.Length;
    }

    private IceSession? FindSession(ReadOnlySpan<byte> username) =>
        _session.IsFor(username) ? _session : _before?.IsFor(username) == true ? _before : null;

    private IceVerdict OnIndication(MediaAddress source)
    {
        if (!IsValid(source))
            return IceVerdict.Ignored;
        _knowsNoConsent = true;
        return IceVerdict.Indication;
    }

    private void OnCheck(in StunMessage check, IceSession session, MediaAddress source, TimeSpan now)
    {
        IsActive = true;
        // RFC 7675 §5.1: once consent was lost, the same credentials bring it back for nobody.
        session.Pairs.OnCheck(source, session.PriorityOf(source) ?? check.Priority ?? 0, check.UsesCandidate && !IsLost, now);
        if (!ReferenceEquals(session, _session) || session.Pairs.Selected.IsNone)
            return;
        _before = null;
        // Those of the nomination itself are repeated for a while.
        _nominatedAt ??= now;
        _asksConsent |= now - _nominatedAt > IcePairs.Stale;
    }
}

using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.Media.Stun;

namespace Atm0s.Sip.Media.Dtls;

/// <summary>
/// What a component of a leg has beside RTP and RTCP on its socket (RFC 7983): the checks of ICE, and the handshake for its keys. Media
/// thread only.
/// </summary>
internal sealed class LegLink(IMediaSocket socket)
{
    private const int MaxDatagram = 2048;
    private const int MaxFlight = 16; // datagrams a tick

    // Whoever ends the association most often ends the call too, and that is to be told instead.
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);

    // An association is a handshake, of which there are few for all: whoever describes new ones again and again waits for each.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private IceAgent? _ice;
    private LegDtls? _dtls;
    private MediaAddress _peer; // of the association
    private TimeSpan? _closed;
    private TimeSpan? _begun;   // the latest association, this or one before
    private bool _hasBegun;     // this one
    private MediaFailure? _failure;
    private bool _isTold;

    /// <summary>Finds the path; null when that is found otherwise.</summary>
    public IceAgent? Ice { get; private set; }

    /// <summary>Whether something goes on that a tick must not miss.</summary>
    public bool IsBusy => _ice is { IsActive: true } || !_peer.IsNone;

    /// <summary>Whether a datagram is not for RTP, by its first byte (RFC 7983 §7).</summary>
    public static bool Takes(byte first) => first < 64;

    /// <summary>Goes by a plan.</summary>
    public void Follow(RtpLegParameters parameters, LinkPlan plan, LegDisposal used)
    {
        if (parameters.Ice is null)
            _ice = null;
        else if (plan.Ice is { } session && _ice is not null)
            _ice.Restart(session);
        else if (plan.Ice is { } first)
            _ice = new IceAgent(first);
        // RFC 8445 §6.2: of two lite agents none checks, and the addresses of the descriptions are the path.
        Ice = parameters.Ice is { RemoteIsLite: false } ? _ice : null;
        if (parameters.Dtls is not null && plan.Dtls is null)
            return;
        used.Add(_dtls);
        _dtls = plan.Dtls;
        (_peer, _closed, _failure, _isTold, _hasBegun) = (default, null, null, false, false);
    }

    /// <summary>Takes a datagram that is not for RTP.</summary>
    /// <param name="datagram">All of it, at least one byte.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="isNamed">Whether descriptions name that address; with ICE that counts for nothing.</param>
    /// <param name="now">Time of the tick.</param>
    /// <returns>False when it is nobody's.</returns>
    public bool OnDatagram(ReadOnlySpan<byte> datagram, MediaAddress source, bool isNamed, TimeSpan now)
    {
        if (StunFormat.IsStun(datagram[0]))
            return OnStun(datagram, source, now);
        // RFC 5763 §6.7.1, and CVE-2023-49786: what comes from elsewhere must not even begin a handshake.
        if (_dtls is null || !DtlsFormat.IsDtls(datagram[0]) || !(Ice?.IsValid(source) ?? isNamed))
            return false;
        // Of ICE any path is the peer's, and it may change meanwhile; else the handshake is with one address.
        if (!TryBegin(now) || !_dtls.OnDatagram(datagram, source, isPath: Ice is not null))
            return false;
        _peer = source;
        return true;
    }

    /// <summary>Once a tick: sends what the handshake has to say, and looks whether the peer still agrees to be sent to.</summary>
    /// <param name="destination">Where media goes, if anywhere.</param>
    /// <param name="isConnected">Whether the socket is connected to it.</param>
    /// <param name="now">Time of the tick.</param>
    /// <returns>Datagrams that went to where nobody has answered from yet.</returns>
    public int Tick(MediaAddress destination, bool isConnected, TimeSpan now)
    {
        if (Ice?.LosesConsent(now) == true)
            _failure ??= MediaFailure.ConsentLost;
        if (_dtls is null)
            return 0;
        if (!destination.IsNone && _dtls.Role == DtlsRole.Client && TryBegin(now))
            _dtls.Start(destination);
        var sent = Send(_peer.IsNone ? destination : _peer, isConnected ? destination : default);
        if (_dtls.Failure is { } failure && _failure is null)
            Fail(failure, now);
        return _peer.IsNone ? sent : 0;
    }

    /// <summary>Takes the keys, once they are there.</summary>
    public SrtpSession? TakeKeys() => _dtls?.TakeKeys();

    /// <summary>Whether the keys, if there were any, are void.</summary>
    public bool IsOver => _dtls?.Failure is not null;

    /// <summary>Why nothing can be heard or said any more; told once.</summary>
    public MediaFailure? TakeFailure()
    {
        if (_isTold || _failure is null)
            return null;
        _isTold = true;
        return _failure;
    }

    /// <summary>Says good-bye.</summary>
    public void Release(bool isConnected, LegDisposal used)
    {
        if (_dtls is null)
            return;
        _dtls.Close();
        if (!_peer.IsNone)
            Send(_peer, isConnected ? _peer : default);
        used.Add(_dtls);
        _dtls = null;
    }

    private bool TryBegin(TimeSpan now)
    {
        if (_hasBegun)
            return true;
        if (now - _begun < Pause)
            return false;
        (_hasBegun, _begun) = (true, now);
        return true;
    }

    [SkipLocalsInit]
    private bool OnStun(ReadOnlySpan<byte> datagram, MediaAddress source, TimeSpan now)
    {
        if (_ice is null)
            return false;
        Span<byte> response = stackalloc byte[IceAgent.MaxResponse];
        var verdict = _ice.OnDatagram(datagram, source, now, response, out var length);
        if (length > 0)
            socket.SendTo(response[..length], source);
        return verdict != IceVerdict.Ignored;
    }

    [SkipLocalsInit]
    private int Send(MediaAddress path, MediaAddress connected)
    {
        if (!path.IsUsable)
            return 0;
        Span<byte> datagram = stackalloc byte[MaxDatagram];
        var sent = 0;
        for (; sent < MaxFlight && _dtls!.TryTake(datagram, out var length, out var partner); sent++)
        {
            var to = partner.IsNone ? path : partner;
            if (to == connected)
                socket.Send(datagram[..length]);
            else if (to.IsUsable)
                socket.SendTo(datagram[..length], to);
        }

        return sent;
    }

    private void Fail(MediaFailure failure, TimeSpan now)
    {
        _closed ??= now;
        if (failure != MediaFailure.PeerClosed || now - _closed >= CloseGrace)
            _failure = failure;
    }
}

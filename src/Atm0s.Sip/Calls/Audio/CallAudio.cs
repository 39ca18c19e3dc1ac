using System.Globalization;
using System.Net;
using Atm0s.Sip.Calls.Audio.Security;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Sdp.Security;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>Audio of one call: what was offered and answered, and the RTP leg that follows it. On the call's shard only.</summary>
internal sealed class CallAudio : IDisposable
{
    private readonly CallAudioFactory _factory;
    private readonly RtpLeg _leg;
    private Dictionary<string, SdpNegotiation>? _forks;
    private SdpNegotiation _negotiation;
    private SdpNegotiation? _offered;   // as it stands with the offer of our INVITE, which several phones may answer
    private readonly LegSecurity _security;
    private readonly AudioPeer _peer;
    private readonly string _cname;
    private RtpLegParameters? _parameters;
    private MixRoom? _room;
    private (MixRoom Room, MemberRule Rule)? _rule; // until the leg is in a room
    private bool _started;
    private bool _isAnswered;

    public CallAudio(
        CallAudioFactory factory, RtpLeg leg, SdpNegotiation negotiation, LegSecurity security, AudioPeer peer, string cname)
    {
        _security = security;
        negotiation.Candidates = ListCandidates;
        negotiation.Source = () => new SdpAttribute("ssrc", string.Create(CultureInfo.InvariantCulture, $"{leg.Ssrc} cname:{cname}"));
        _factory = factory;
        _leg = leg;
        _negotiation = negotiation;
        _peer = peer;
        _cname = cname;
    }

    /// <summary>The audio itself, for commands.</summary>
    public RtpLeg Rtp => _leg;

    /// <summary>Name of the codec; empty while the answer is still to come.</summary>
    public string CodecName => _negotiation.Current?.Send.Format.Name ?? "";

    /// <summary>How it is encrypted; null when it is not, or nothing is agreed yet.</summary>
    public CallEncryption? Encryption => LegSecurity.Describe(_negotiation.Current?.Security, null);

    /// <summary>Rate of what the phone hears, in Hz; 8000 while the answer is still to come.</summary>
    public int SampleRate => _parameters?.SendFormat.Codec.SampleRate ?? 8000;

    /// <summary>Whether digits go to the phone in RTP: as telephone events, or as tones where the host allows that.</summary>
    public bool TakesDigits => _negotiation.Current?.SendEvents is not null || _factory.SendsTones;

    /// <summary>Whether keys of the phone come as telephone events.</summary>
    public bool HearsEvents => _negotiation.Current is { ReceiveEvents.Count: > 0 };

    /// <summary>Whether it is to be heard, as soon as both sides have agreed.</summary>
    public bool IsStarted => _room is not null;

    /// <summary>Whether an offer waits for its answer.</summary>
    public bool IsNegotiating => _negotiation.State != NegotiationState.Idle;

    /// <summary>Whether the signalling comes from a proxy.</summary>
    public bool IsBehindProxy
    {
        get => _peer.IsBehindProxy;
        set => _peer.IsBehindProxy = value;
    }

    /// <summary>The signalling takes another way from now on.</summary>
    public void SetFlow(SipFlow flow) => _peer.Flow = flow;

    /// <summary>The host that the phone has named as place of its audio, and that has still to be looked up.</summary>
    public DnsEndPoint? RemoteName => _negotiation.Current is { Remote: null } agreed ? agreed.RemoteName : null;

    /// <summary>Where it is here.</summary>
    public IPEndPoint Local => _leg.LocalEndPoint;

    /// <summary>Where it goes, for who reads it: an address, a name that is still looked up, or a word.</summary>
    public object Remote => (object?)_negotiation.Current?.Remote ?? _negotiation.Current?.RemoteName?.Host ?? "nowhere yet";

    public string AddressReason => _factory.AddressReason;

    private IPAddress Advertised => _factory.AdvertisedFor(
        IsAnywhere ? _peer.Flow.LocalEndPoint.Address : _leg.LocalEndPoint.Address, _peer.Signalling.Address);

    private bool IsAnywhere => _leg.LocalEndPoint.Address.Equals(IPAddress.Any) || _leg.LocalEndPoint.Address.Equals(IPAddress.IPv6Any);

    /// <summary>Our offer, for a new call, a re-INVITE without one, or a delayed one (RFC 3264 §5, §8).</summary>
    public byte[] CreateOffer() => _negotiation.Offer(Advertised, _leg.LocalEndPoint.Port);

    /// <summary>Our INVITE has gone out with the offer: whoever it reaches may answer it.</summary>
    public void OnOfferedToMany() => _offered = _negotiation.Fork();

    /// <summary>
    /// Speaks with one of the phones that our INVITE has reached, from now on (RFC 3261 §13.2.2.4: each To tag is a dialog with a session
    /// of its own).
    /// </summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="again">Whether what it has answered so far does not count.</param>
    public void Focus(string tag, bool again = false)
    {
        if (_offered is null)
            return;
        _forks ??= new Dictionary<string, SdpNegotiation>(StringComparer.OrdinalIgnoreCase);
        if (again || !_forks.TryGetValue(tag, out var fork))
            _forks[tag] = fork = _offered.Fork();
        if (ReferenceEquals(_negotiation, fork))
            return;
        _negotiation = fork;
        // What this one has answered before holds again.
        if (fork.Current is { } agreed)
            Apply(agreed);
    }

    /// <summary>The call is answered: from now on the phone has to be heard.</summary>
    public void OnAnswered() => _isAnswered = true;

    /// <summary>One of the phones has answered for good.</summary>
    public void OnChosen()
    {
        _offered = null;
        _forks = null;
    }

    /// <summary>Direction that the next offer or answer of ours asks for.</summary>
    public SdpDirection Direction
    {
        get => _negotiation.Direction;
        set => _negotiation.Direction = value;
    }

    /// <summary>Whether the other side does not want to hear us, though we would speak (RFC 3264 §8.4).</summary>
    public bool IsHeldByPeer => Direction.HasFlag(SdpDirection.SendOnly) && _negotiation.Current is { IsOff: false } agreed
        && (!agreed.Direction.HasFlag(SdpDirection.SendOnly) || agreed.IsNowhere);

    /// <summary>Answers the offer that the negotiation has taken, and goes by it from now on.</summary>
    public byte[] Answer()
    {
        var answer = _negotiation.Answer(Advertised, _leg.LocalEndPoint.Port);
        Apply(_negotiation.Current!);
        return answer;
    }

    /// <summary>Answers an offer that came over <paramref name="flow"/> and goes by both from now on; a refusal changes nothing.</summary>
    public CallRefusal? TryAnswer(SessionDescription offer, SipFlow flow, out byte[]? answer)
    {
        var before = _peer.Flow;
        _peer.Flow = flow;
        var refusal = TryAnswer(offer, out answer);
        if (refusal is not null)
            _peer.Flow = before;
        return refusal;
    }

    private CallRefusal? TryAnswer(SessionDescription offer, out byte[]? answer)
    {
        answer = null;
        var failure = _negotiation.TakeOffer(offer);
        if (failure != NegotiationFailure.None)
            return CallRefusal.From(failure);
        if (_negotiation.Taken?.RemoteName is not null)
        {
            _negotiation.RollBack();
            return CallRefusal.UnknownHost;
        }

        answer = Answer();
        return null;
    }

    /// <summary>Takes the answer to our last offer.</summary>
    public CallRefusal? TryAcceptAnswer(ReadOnlySpan<byte> body)
    {
        if (_negotiation.State != NegotiationState.OfferSent)
            return null;
        if (!SdpParser.TryParse(body, SdpLimits.Default, out var answer, out var refusal))
            return CallRefusal.Unreadable(refusal);
        var failure = _negotiation.TakeAnswer(answer);
        if (failure != NegotiationFailure.None)
            return CallRefusal.From(failure);
        Apply(_negotiation.Current!);
        return null;
    }

    /// <summary>Says where the host is that the answer has named (see <see cref="RemoteName"/>).</summary>
    public void Locate(DnsEndPoint name, IPAddress address)
    {
        if (_peer.Check(new IPEndPoint(address, name.Port)) == NegotiationFailure.None && _negotiation.Locate(name, address))
            Apply(_negotiation.Current!);
    }

    /// <summary>Our offer came to nothing: all stays as it was.</summary>
    public void RollBack() => _negotiation.RollBack();

    /// <summary>Joins the mixing, now or as soon as the answer is there.</summary>
    /// <param name="room">The room.</param>
    /// <param name="rule">Its rule there, from the first tick on; null for none.</param>
    public void Start(MixRoom room, MemberRule? rule)
    {
        MoveTo(room, rule);
        StartOrUpdate();
    }

    /// <summary>Goes on in another room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="rule">Its rule there; null for the one that it has there already, if it has one.</param>
    public void MoveTo(MixRoom room, MemberRule? rule = null)
    {
        _room = room;
        if (_started)
            _leg.MoveTo(room, rule);
        else if (rule is not null)
            _rule = (room, rule);
    }

    public CallQuality GetQuality()
    {
        var figures = _leg.GetStatistics();
        return AudioFigures.QualityOf(figures, CodecName) with { Encryption = EncryptionOf(figures) };
    }

    public CallStatistics GetStatistics()
    {
        var figures = _leg.GetStatistics();
        return AudioFigures.StatisticsOf(figures, CodecName) with { Encryption = EncryptionOf(figures) };
    }

    public void Dispose()
    {
        _factory.Addresses.Remove(_leg.LocalEndPoint);
        _leg.Close();
    }

    private CallEncryption? EncryptionOf(RtpLegStatistics figures) =>
        LegSecurity.Describe(_negotiation.Current?.Security, figures.SrtpSuite?.Name);

    // RFC 8445 §5.1.1: wherever we can be reached, first the address that the description names. What others know us by is among them also
    // for a peer in a local network, for that may be its proxy's.
    private IReadOnlyList<SdpCandidate> ListCandidates(bool isMuxed)
    {
        List<IPAddress> known = IPAddress.IsLoopback(Advertised) ? [] : [Advertised];
        if (_factory.AdvertisedAddress is { } advertised)
            known.Add(advertised);
        return
        [
            .. _leg.GetLocalCandidates(known, isMuxed)
                .Select(c => new SdpCandidate(c.Foundation, c.Component, c.Priority, c.EndPoint)),
        ];
    }

    private void Apply(NegotiatedAudio agreed)
    {
        var signalling = IsBehindProxy ? null : _peer.Signalling.Address;
        var parameters = LegParameters.From(agreed, f => _factory.Codecs[f], _parameters, signalling, _cname);
        _parameters = _factory.Complete(_security.Complete(parameters, agreed));
        if (_factory.Addresses.IsElsewhere(_parameters.Remote.Address, _peer.Signalling.Address))
            _parameters = _parameters with { Remote = LegParameters.Nowhere, RemoteRtcp = null };
        StartOrUpdate();
    }

    private void StartOrUpdate()
    {
        if (_parameters is null)
            return;
        var parameters = _parameters with { IsEarly = !_isAnswered };
        if (_started)
        {
            _leg.Update(parameters);
        }
        else if (_room is { } room)
        {
            _started = true;
            if (_rule is { } early && early.Room == room)
                _leg.SetRule(early.Rule);
            _leg.Start(parameters, room);
        }
    }
}

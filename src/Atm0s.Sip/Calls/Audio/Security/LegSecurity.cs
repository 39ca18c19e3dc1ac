using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Sdp.Security;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Calls.Audio.Security;

/// <summary>
/// What offer and answer agreed on about keys and way, in the words of a media leg. One key is one object for as long as the call lasts:
/// what it was used for goes on with it. On the call's shard only.
/// </summary>
/// <param name="identity">The certificate that the call's descriptions show, or null.</param>
internal sealed class LegSecurity(IDtlsIdentity? identity)
{
    private const int MaxKeys = 16;

    private readonly List<(CryptoAttribute Line, SrtpKey Key)> _keys = [];   // the last used last

    /// <summary>Adds it to the parameters.</summary>
    /// <param name="parameters">All others.</param>
    /// <param name="agreed">What was agreed.</param>
    public RtpLegParameters Complete(RtpLegParameters parameters, NegotiatedAudio agreed) => parameters with
    {
        RtcpMux = agreed.RtcpMux,
        Keys = agreed.Security?.Keys is AgreedKeys.Sdes sdes ? new SrtpKeys(KeyOf(sdes.Ours), KeyOf(sdes.Theirs)) : null,
        Dtls = agreed.Security?.Keys is AgreedKeys.Dtls dtls ? DtlsOf(dtls) : null,
        Ice = agreed.Security?.Ice is { } ice ? IceOf(ice) : null,
    };

    /// <summary>What the host is told.</summary>
    /// <param name="security">What was agreed; null for plain RTP.</param>
    /// <param name="suite">Suite in use, as far as the leg knows it.</param>
    public static CallEncryption? Describe(AgreedSecurity? security, string? suite) => security?.Keys switch
    {
        AgreedKeys.Sdes sdes => new CallEncryption(MediaKeyExchange.Sdes, sdes.Ours.Suite),
        AgreedKeys.Dtls => new CallEncryption(MediaKeyExchange.Dtls, suite ?? ""),
        _ => null,
    };

    private SrtpKey KeyOf(CryptoAttribute line)
    {
        var at = _keys.FindIndex(known => known.Line.HasKeyOf(line));
        if (at < 0 && _keys.Count == MaxKeys)
            _keys.RemoveAt(0);
        var found = at < 0 ? (line, NewKey(line)) : _keys[at];
        if (at >= 0)
            _keys.RemoveAt(at);
        _keys.Add(found);
        return found.Item2;
    }

    private static SrtpKey NewKey(CryptoAttribute line)
    {
        var suite = SrtpSuite.Find(line.Suite)!;
        return new SrtpKey(suite, line.KeyAndSalt[..suite.KeyLength], line.KeyAndSalt[suite.KeyLength..], line.Identifier);
    }

    private DtlsParameters DtlsOf(AgreedKeys.Dtls agreed) => new()
    {
        Identity = identity!,
        Role = agreed.IsClient ? DtlsRole.Client : DtlsRole.Server,
        RemoteFingerprints = [.. agreed.Fingerprints.Select(PrintOf)],
        RemoteId = agreed.Id,
    };

    private static CertificateFingerprint PrintOf(SdpFingerprint print) =>
        new(print.Algorithm, Convert.FromHexString(print.Hash.Replace(":", "", StringComparison.Ordinal)));

    private static IceParameters IceOf(AgreedIce ice) => new()
    {
        LocalUfrag = ice.Ours.Ufrag,
        LocalPassword = ice.Ours.Password,
        RemoteUfrag = ice.Theirs.Ufrag,
        RemotePassword = ice.Theirs.Password,
        RemoteIsLite = ice.IsPeerLite,
        RemoteCandidates =
        [
            .. ice.Candidates.Take(IceParameters.MaxCandidates).Select(c => new IceCandidate
            {
                Foundation = c.Foundation,
                Component = c.Component,
                Priority = c.Priority,
                EndPoint = c.EndPoint,
                Type = c.Type switch
                {
                    "srflx" => IceCandidateType.ServerReflexive,
                    "prflx" => IceCandidateType.PeerReflexive,
                    "relay" => IceCandidateType.Relayed,
                    _ => IceCandidateType.Host,
                },
            }),
        ],
    };
}

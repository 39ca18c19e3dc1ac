using System.Text;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Sdp.Security;

namespace Atm0s.Sip.Core.Tests.Sdp.Security;

/// <summary>Fingerprints, roles, ICE and bundles in session descriptions (RFC 5763, 8122, 8839, 8842, 8843).</summary>
public sealed class DtlsTests
{
    private const string Tls = "m=audio 4000 UDP/TLS/RTP/SAVP 0";

    private static readonly AudioWish Wish = SecureSamples.Wish(SecurityPolicy.Prefer, hasDtls: true);

    [TestCase("actpass", "passive")]
    [TestCase("active", "passive")]
    [TestCase("passive", "active")]
    [TestCase("ACTIVE", "passive")]
    [TestCase(null, "passive", Description = "RFC 4145 §4.1: active is meant")]
    public void Answer_HasTheRoleThatFits(string? setup, string expected)
    {
        var (answer, agreed) = SdpSamples.Answer(Offer(setup), Wish);

        Assert.That(SecureSamples.Of(answer, "setup"), Is.EqualTo(new[] { expected }));
        Assert.That(SecureSamples.Of(answer, "fingerprint"), Is.EqualTo(new[] { SecureSamples.OtherPrint }));
        Assert.That(((AgreedKeys.Dtls)agreed.Security!.Keys).IsClient, Is.EqualTo(expected == "active"));
        Assert.That((answer.Audio!.Protocol, agreed.Remote!.ToString()), Is.EqualTo(("UDP/TLS/RTP/SAVP", "198.51.100.1:4000")));
    }

    [TestCase("holdconn")]
    [TestCase("whatever")]
    public void OfferInWhichNobodyMayBegin_IsRefused(string setup) =>
        Assert.That(SdpSamples.FailureOf(Offer(setup), Wish), Is.EqualTo(NegotiationFailure.NoCommonKeys));

    [TestCase("sha-256", 32, true)]
    [TestCase("SHA-256", 32, true)]
    [TestCase("sha-384", 48, true)]
    [TestCase("sha-512", 64, true)]
    [TestCase("sha-1", 20, false)]
    [TestCase("md5", 16, false)]
    [TestCase("sha-256", 31, false)]
    [TestCase("sha-256", 33, false)]
    [TestCase("sha-224", 28, false)]
    public void Fingerprint_OfWhatProvesNothing_IsNone(string algorithm, int bytes, bool isTaken)
    {
        var text = $"{algorithm} {string.Join(':', Enumerable.Range(0, bytes).Select(i => (i + 160).ToString("x2")))}";

        Assert.That(SdpFingerprint.TryParse(text, out var print), Is.EqualTo(isTaken));
        if (isTaken)
            Assert.That(print!.ToString(), Is.EqualTo($"{algorithm.ToLowerInvariant()} {text.Split(' ')[1].ToUpperInvariant()}"));
        var negotiation = SdpSamples.Negotiation(Wish);
        Assert.That(
            negotiation.TakeOffer(SdpSamples.Offer(Tls, "a=setup:actpass", "a=fingerprint:" + text)),
            Is.EqualTo(isTaken ? NegotiationFailure.None : NegotiationFailure.NoCommonKeys));
    }

    [TestCase("")]
    [TestCase("sha-256")]
    [TestCase("sha-256 ")]
    [TestCase("sha-256 75-74")]
    [TestCase("sha-256 7574:5AA6A4E552F4A7674C01C7EE913F213DA2E3537B6F3086F230AA65FB04240000000000000000000000000000")]
    public void MalformedFingerprint_IsNone(string text) => Assert.That(SdpFingerprint.TryParse(text, out _), Is.False);

    [Test]
    public void Fingerprints_OfTheStream_CountBeforeThoseOfTheSession()
    {
        var text = $"v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\na=fingerprint:{SecureSamples.Print}\r\n"
            + "a=setup:active\r\n" + Tls + "\r\n";
        var session = SdpSamples.Answer(SdpSamples.Parse(text), Wish).Negotiated;
        var stream = SdpSamples.Answer(SdpSamples.Parse(text + $"a=fingerprint:{SecureSamples.OtherPrint}\r\n"), Wish).Negotiated;

        Assert.That(Prints(session), Is.EqualTo(new[] { SecureSamples.Print }));
        Assert.That(Prints(stream), Is.EqualTo(new[] { SecureSamples.OtherPrint }));

        static string[] Prints(NegotiatedAudio audio) =>
            [.. ((AgreedKeys.Dtls)audio.Security!.Keys).Fingerprints.Select(p => p.ToString())];
    }

    [TestCase("active", false)]
    [TestCase("passive", true)]
    [TestCase(null, true, Description = "RFC 4145 §4.1: passive is meant")]
    [TestCase("actpass", null)]
    [TestCase("holdconn", null)]
    public void OurOffer_IsActpass_AndTheAnswerSays(string? setup, bool? isClient)
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Require, hasDtls: true, offer: KeyMethod.Dtls));
        var offer = SdpSamples.OfferOf(negotiation);
        var failure = negotiation.TakeAnswer(Offer(setup));

        Assert.That(SecureSamples.Of(offer, "setup"), Is.EqualTo(new[] { "actpass" }));
        Assert.That(offer.Audio!.Protocol, Is.EqualTo("UDP/TLS/RTP/SAVP"));
        Assert.That(SecureSamples.Of(offer, "ice-ufrag"), Is.Empty);
        Assert.That(failure, Is.EqualTo(isClient is null ? NegotiationFailure.BadAnswer : NegotiationFailure.None));
        if (isClient is not null)
            Assert.That(SecureSamples.Dtls(negotiation).IsClient, Is.EqualTo(isClient));
    }

    [Test]
    public void RoleStays_WhileTheCertificateDoes()
    {
        var negotiation = SdpSamples.Negotiation(Wish);
        SdpSamples.AnswerOf(negotiation, Offer("passive"));
        var before = SecureSamples.Dtls(negotiation);
        // RFC 8842 §5.5: later offers say actpass.
        var held = SdpSamples.AnswerOf(negotiation, Offer("actpass"));
        Assert.That(SecureSamples.Of(held, "setup"), Is.EqualTo(new[] { "active" }));
        Assert.That((SecureSamples.Dtls(negotiation).HasSamePeerAs(before), SecureSamples.Dtls(negotiation).IsClient), Is.EqualTo((true, true)));

        var changed = SdpSamples.AnswerOf(negotiation, Offer("actpass", SecureSamples.OtherPrint));
        Assert.That(SecureSamples.Of(changed, "setup"), Is.EqualTo(new[] { "passive" }), "RFC 8842 §5.3: another association");
        Assert.That(SecureSamples.Dtls(negotiation).HasSamePeerAs(before), Is.False);
        Assert.That(SecureSamples.Of(SdpSamples.OfferOf(negotiation), "setup"), Is.EqualTo(new[] { "actpass" }));
    }

    [Test]
    [Property("rfc", "8842-5.3")]
    public void Association_HasANameOfOurs_WhereTheOfferNamesIt_AndAnotherOnceItIsAnother()
    {
        var negotiation = SdpSamples.Negotiation(Wish);
        var first = Name(SdpSamples.AnswerOf(negotiation, Named("abc3de65cddef001be82")));
        Assert.That(first, Does.Match("^[0-9a-f]{32}$"));
        Assert.That(Name(SdpSamples.AnswerOf(negotiation, Named("abc3de65cddef001be82"))), Is.EqualTo(first), "it goes on");
        var offer = SdpSamples.OfferOf(negotiation);
        Assert.That(Name(offer), Is.EqualTo(first), "RFC 8842 §5.5");
        negotiation.RollBack();
        Assert.That(Name(SdpSamples.AnswerOf(negotiation, Named("00c3de65cddef001be82"))), Is.Not.EqualTo(first).And.Not.Null, "another one");
        Assert.That(Name(SdpSamples.Answer(Offer("actpass"), Wish).Answer), Is.Null, "who names none gets none");
    }

    [Test]
    [Property("rfc", "8842-5.2")]
    public void OurOffer_NamesTheAssociation_AndKeepsTheName()
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Require, hasDtls: true, offer: KeyMethod.Dtls));
        var name = Name(SdpSamples.OfferOf(negotiation));
        Assert.That(name, Does.Match("^[0-9a-f]{32}$"));
        var answer = SdpSamples.Offer(Tls, "a=setup:active", "a=fingerprint:" + SecureSamples.Print, "a=tls-id:abc3de65cddef001be82");
        Assert.That(negotiation.TakeAnswer(answer), Is.EqualTo(NegotiationFailure.None));
        Assert.That(Name(SdpSamples.OfferOf(negotiation)), Is.EqualTo(name));
    }

    [Test]
    public void Browser_GetsTheAnswerThatItAccepts()
    {
        var negotiation = SdpSamples.Negotiation(Wish);
        negotiation.Candidates = isMuxed => [new SdpCandidate("1", 1, 2130706431, SdpSamples.Local)];
        var offer = SdpSamples.Load("browser-webrtc.sdp");
        Assert.That(negotiation.TakeOffer(offer), Is.EqualTo(NegotiationFailure.None));
        var answer = Encoding.UTF8.GetString(negotiation.Answer(SdpSamples.Local.Address, SdpSamples.Local.Port));
        var agreed = negotiation.Current!;

        Assert.That(answer, Does.Contain("a=group:BUNDLE 0\r\na=ice-lite\r\nm=audio 20000 UDP/TLS/RTP/SAVPF 111 110\r\n"));
        Assert.That(answer, Does.Contain("a=mid:0\r\n").And.Contain("a=rtcp-mux\r\n").And.Contain("a=setup:passive\r\n"));
        Assert.That(answer, Does.Contain("a=candidate:1 1 udp 2130706431 203.0.113.1 20000 typ host\r\na=end-of-candidates\r\n"));
        Assert.That(answer, Does.Contain("a=sendrecv\r\n"), "its address 0.0.0.0:9 means that it has none yet, not hold");
        Assert.That((agreed.Remote, agreed.IsNowhere, agreed.IsOnHold, agreed.RtcpMux), Is.EqualTo(((object?)null, false, false, true)));
        Assert.That(agreed.Security!.Ice!.Theirs, Is.EqualTo(new IceLogin("4ZcD", "2/1muCWoOi3uLifh0NuRHlZn")));
    }

    [Test]
    public void VideoBesideTheAudioOfABrowser_IsRefused_AndOutOfTheBundle()
    {
        var offer = SdpSamples.Parse(
            Encoding.UTF8.GetString(SdpSamples.Bytes("browser-webrtc.sdp")).Replace("BUNDLE 0", "BUNDLE 0 1", StringComparison.Ordinal)
            + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n");
        var (answer, _) = SdpSamples.Answer(offer, Wish);

        Assert.That(answer.Attributes, Does.Contain(new SdpAttribute("group", "BUNDLE 0")));
        Assert.That((answer.Media[1].Port, answer.Media[1].Attributes.Single()), Is.EqualTo((0, new SdpAttribute("mid", "1"))));
    }

    [Test]
    public void SessionWithoutSecurity_IsInNoBundle_WithoutMux_AndKeepsItsName()
    {
        var offer = SdpSamples.Parse(
            "v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\na=group:BUNDLE a\r\n"
            + "m=audio 4000 RTP/AVP 0\r\na=mid:a\r\n");
        var (answer, _) = SdpSamples.Answer(offer);

        Assert.That(answer.Attributes, Is.Empty, "RFC 8843 §9.3: a bundle has rtcp-mux");
        Assert.That(SecureSamples.Of(answer, "mid"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void IceOfTheSameLogin_GoesOn_AndAnother_IsARestart()
    {
        var negotiation = SdpSamples.Negotiation(Wish);
        var text = Encoding.UTF8.GetString(SdpSamples.Bytes("browser-webrtc.sdp"));
        var first = SdpSamples.AnswerOf(negotiation, SdpSamples.Parse(text));
        var second = SdpSamples.AnswerOf(negotiation, SdpSamples.Parse(text));
        var restarted = SdpSamples.AnswerOf(negotiation, SdpSamples.Parse(text.Replace("4ZcD", "5ZcD", StringComparison.Ordinal)));

        Assert.That(SecureSamples.Of(second, "ice-pwd"), Is.EqualTo(SecureSamples.Of(first, "ice-pwd")));
        Assert.That(SecureSamples.Of(restarted, "ice-pwd"), Is.Not.EqualTo(SecureSamples.Of(first, "ice-pwd")), "RFC 8839 §4.4.1.1.1");
        Assert.That(SecureSamples.Of(SdpSamples.OfferOf(negotiation), "ice-pwd"), Is.EqualTo(SecureSamples.Of(restarted, "ice-pwd")));
    }

    [Test]
    public void OfferToABrowser_HasAllThatItWants_AndItsAnswerIsTaken()
    {
        var negotiation = SdpSamples.Negotiation(
            SecureSamples.Wish(SecurityPolicy.Prefer, hasDtls: true, offer: KeyMethod.Dtls, isForBrowser: true));
        negotiation.Candidates = isMuxed => isMuxed ? [new SdpCandidate("1", 1, 2130706431, SdpSamples.Local)] : [];
        var offer = SdpSamples.OfferOf(negotiation);

        Assert.That(offer.Attributes, Is.EqualTo(new[] { new SdpAttribute("group", "BUNDLE 0"), new SdpAttribute("ice-lite", null) }));
        Assert.That((offer.Audio!.Protocol, offer.Audio.RtcpMux), Is.EqualTo(("UDP/TLS/RTP/SAVPF", true)));
        Assert.That(SecureSamples.Of(offer, "mid"), Is.EqualTo(new[] { "0" }));
        Assert.That(SecureSamples.Of(offer, "setup"), Is.EqualTo(new[] { "actpass" }));
        Assert.That(SecureSamples.Of(offer, "candidate"), Is.EqualTo(new[] { "1 1 udp 2130706431 203.0.113.1 20000 typ host" }));

        var text = Encoding.UTF8.GetString(SdpSamples.Bytes("browser-webrtc.sdp"))
            .Replace("actpass", "active", StringComparison.Ordinal)
            .Replace("SAVPF 111 63 9 0 8 13 110 126", $"SAVPF {offer.Audio.FormatTokens[0]}", StringComparison.Ordinal)
            .Replace("a=rtpmap:111 ", $"a=rtpmap:{offer.Audio.FormatTokens[0]} ", StringComparison.Ordinal);
        Assert.That(negotiation.TakeAnswer(SdpSamples.Parse(text)), Is.EqualTo(NegotiationFailure.None));
        var agreed = negotiation.Current!;
        Assert.That((SecureSamples.Dtls(negotiation).IsClient, agreed.RtcpMux, agreed.IsBundled), Is.EqualTo((false, true, true)));
        Assert.That(agreed.Security!.Ice!.Ours.Ufrag, Is.EqualTo(SecureSamples.Of(offer, "ice-ufrag").Single()));
    }

    [TestCase("ice-ufrag:abc", Description = "RFC 8839 §5.4: 4 characters at least")]
    [TestCase("ice-ufrag:a\"bcd")]
    [TestCase("ice-pwd:short")]
    public void InvalidIce_IsNone_AndTheAddressCounts(string line)
    {
        var text = Encoding.UTF8.GetString(SdpSamples.Bytes("browser-webrtc.sdp"));
        var name = line[..line.IndexOf(':', StringComparison.Ordinal)];
        text = System.Text.RegularExpressions.Regex.Replace(text, $"a={name}:[^\r\n]*", "a=" + line);

        Assert.That(
            SdpSamples.Answer(
                SdpSamples.Parse(text.Replace("0.0.0.0\r", "198.51.100.1\r", StringComparison.Ordinal)
                    .Replace("audio 9 ", "audio 4000 ", StringComparison.Ordinal)),
                Wish).Negotiated.Security!.Ice,
            Is.Null);
    }

    [TestCase("1 1 udp 2130706431 192.0.2.1 5000 typ host generation 0", true)]
    [TestCase("1 1 UDP 2130706431 2001:db8::1 5000 typ srflx raddr 10.0.0.1 rport 9", true)]
    [TestCase("1 1 udp 2130706431 0a1b2c3d.local 5000 typ host", false, Description = "names are not looked up")]
    [TestCase("1 1 tcp 2130706431 192.0.2.1 9 typ host tcptype active", false)]
    [TestCase("1 1 udp 2130706431 192.0.2.1 0 typ host", false)]
    [TestCase("1 1 udp 2130706431 192.0.2.1 65536 typ host", false)]
    [TestCase("1 1 udp 99999999999 192.0.2.1 5000 typ host", false)]
    [TestCase("1 1 udp 1 192.0.2.1 5000 typ other", false)]
    [TestCase("1 1 udp 1 192.0.2.1 5000 foo host", false)]
    [TestCase("123456789012345678901234567890123 1 udp 1 192.0.2.1 5000 typ host", false)]
    [TestCase("1 1 udp", false)]
    [TestCase("", false)]
    public void Candidate(string text, bool isTaken) => Assert.That(SdpCandidate.TryParse(text, out _), Is.EqualTo(isTaken));

    [Test]
    public void Candidates_AreBounded()
    {
        var lines = Enumerable.Range(1, 200).Select(i => $"a=candidate:{i} 1 udp {i} 192.0.2.1 {5000 + i} typ host");
        var text = Encoding.UTF8.GetString(SdpSamples.Bytes("browser-webrtc.sdp")) + string.Join("\r\n", lines) + "\r\n";

        Assert.That(SdpSamples.Answer(SdpSamples.Parse(text), Wish).Negotiated.Security!.Ice!.Candidates, Has.Count.EqualTo(32));
    }

    [Test]
    public void PeerThatIsLiteToo_IsWhereItsDescriptionSays()
    {
        var offer = SdpSamples.Parse(
            "v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\na=ice-lite\r\n" + Tls
            + $"\r\na=ice-ufrag:abcd\r\na=ice-pwd:{new string('x', 22)}\r\na=setup:actpass\r\na=fingerprint:{SecureSamples.Print}\r\n");
        var agreed = SdpSamples.Answer(offer, Wish).Negotiated;

        Assert.That((agreed.Security!.Ice!.IsPeerLite, agreed.Remote!.ToString()), Is.EqualTo((true, "198.51.100.1:4000")));
    }

    private static string? Name(SessionDescription description) => SecureSamples.Of(description, "tls-id").SingleOrDefault();

    private static SessionDescription Named(string id) =>
        SdpSamples.Offer(Tls, "a=setup:actpass", "a=fingerprint:" + SecureSamples.Print, "a=tls-id:" + id);

    private static SessionDescription Offer(string? setup, string print = SecureSamples.Print) =>
        SdpSamples.Offer([Tls, .. setup is null ? Array.Empty<string>() : [$"a=setup:{setup}"], "a=fingerprint:" + print]);
}

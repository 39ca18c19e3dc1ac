using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>Messages that broke other servers: each is accepted or refused by name, and none can smuggle a field.</summary>
public class AdvisoryTests
{
    [TestCase("ast-2017-002_cve-2017-9372_cseq-long-method.sip", "400", SipRefusal.CSeqMismatch)]
    [TestCase("ast-2017-003_multipart-boundary-crash_LF-only.sip", "drop", SipRefusal.BadLineEnd)]
    [TestCase("ast-2018-002_cve-2018-1000098_fmt-4294967296.sip", "accept", SipRefusal.None)]
    [TestCase("ast-2018-003_cve-2018-1000099_fmtp-nul.sip", "accept", SipRefusal.None)]
    [TestCase("ast-2018-004_cve-2018-7284_50-accept-headers.sip", "accept", SipRefusal.None)]
    [TestCase("cve-2016-9938_contact-x01-header-name.sip", "400", SipRefusal.ControlCharacter)]
    [TestCase("cve-2020-27507_kamailio_dup-fields-overlong-tag.sip", "400", SipRefusal.DuplicateHeader)]
    [TestCase("cve-2026-58268_sipgo_tcp-content-length-4G.sip", "400", SipRefusal.BadContentLength)]
    [TestCase("freeswitch-ghsa-gjj5_duplicate-codec-names.sip", "accept", SipRefusal.None)]
    [TestCase("kamailio-es2018-05_from-tag-heap-overflow.sip", "accept", SipRefusal.None)]
    [TestCase("kamailio-es2020-01_header-smuggling-space-before-colon.sip", "accept", SipRefusal.None)]
    [TestCase("kamailio-issue-1687_to-semicolons.sip", "400", SipRefusal.BadTo)]
    [TestCase("opensips-cve-2026-46334_sdp-bandwidth.sip", "accept", SipRefusal.None)]
    [TestCase("opensips-ghsa-67w7_sdp-no-final-LF.sip", "accept", SipRefusal.None)]
    [TestCase("opensips-ghsa-wxfg-3gwh-rhvx_parse_via.sip", "drop", SipRefusal.ControlCharacter)]
    [TestCase("pjsip-cve-2026-57162_sdp-many-crypto.sip", "accept", SipRefusal.None)]
    public void Datagram_is_taken_or_refused_by_name(string file, string outcome, SipRefusal refusal)
    {
        var actual = Outcome.Of(TestData.Read("advisory", file), out var why);
        Assert.That((actual, why), Is.EqualTo((outcome, refusal)));
    }

    [Test]
    public void Space_before_the_colon_hides_no_field()
    {
        using var message = Parsed.Ok(TestData.Read("advisory", "kamailio-es2020-01_header-smuggling-space-before-colon.sip"));
        Assert.That(message.TryGetHeader("x-bypass-me"u8, out var value), Is.True);
        Assert.That(value.SequenceEqual("lol"u8), Is.True);
    }
}

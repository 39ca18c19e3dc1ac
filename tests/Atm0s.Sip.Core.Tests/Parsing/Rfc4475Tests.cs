using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>
/// The torture messages. Where the RFC leaves a choice ("may be liberal") this parser refuses. What only the layer above can know (501,
/// 416, 420, 415, 401, 406,
/// and the second Via of bcast.dat, which a proxy may forward) the parser must let through.
/// </summary>
public class Rfc4475Tests
{
    // file, outcome, refusal
    private static readonly (string File, string Outcome, SipRefusal Refusal)[] Table =
    [
        ("wsinv.dat", Outcome.Accept, SipRefusal.None),
        ("intmeth.dat", Outcome.Accept, SipRefusal.None),
        ("esc01.dat", Outcome.Accept, SipRefusal.None),
        ("escnull.dat", Outcome.Accept, SipRefusal.None),
        ("esc02.dat", Outcome.Accept, SipRefusal.None),
        ("lwsdisp.dat", Outcome.Accept, SipRefusal.None),
        ("longreq.dat", Outcome.Accept, SipRefusal.None),
        ("dblreq.dat", Outcome.Accept, SipRefusal.None),
        ("semiuri.dat", Outcome.Accept, SipRefusal.None),
        ("transports.dat", Outcome.Accept, SipRefusal.None),
        ("mpart01.dat", Outcome.Accept, SipRefusal.None),
        ("unreason.dat", Outcome.Accept, SipRefusal.None),
        ("noreason.dat", Outcome.Accept, SipRefusal.None),
        ("badinv01.dat", "400", SipRefusal.BadVia),
        ("clerr.dat", "400", SipRefusal.BodyTruncated),
        ("ncl.dat", "400", SipRefusal.BadContentLength),
        ("scalar02.dat", "400", SipRefusal.BadMaxForwards),
        ("scalarlg.dat", Outcome.Drop, SipRefusal.BadCSeq),
        ("quotbal.dat", "400", SipRefusal.BadTo),
        ("ltgtruri.dat", "400", SipRefusal.BadRequestUri),
        ("lwsruri.dat", "400", SipRefusal.BadRequestUri),
        ("lwsstart.dat", "400", SipRefusal.BadRequestUri),
        ("trws.dat", "400", SipRefusal.BadStartLine),
        ("escruri.dat", "400", SipRefusal.BadRequestUri),
        ("baddate.dat", Outcome.Accept, SipRefusal.None),
        ("regbadct.dat", "400", SipRefusal.BadContact),
        ("badaspec.dat", "400", SipRefusal.BadTo),
        ("baddn.dat", "400", SipRefusal.MissingBlankLine),
        ("badvers.dat", "505", SipRefusal.BadVersion),
        ("mismatch01.dat", "400", SipRefusal.CSeqMismatch),
        ("mismatch02.dat", "400", SipRefusal.CSeqMismatch),
        ("bigcode.dat", Outcome.Drop, SipRefusal.BadStatusCode),
        ("badbranch.dat", Outcome.Accept, SipRefusal.None),
        ("insuf.dat", "400", SipRefusal.MissingFrom),
        ("unkscm.dat", Outcome.Accept, SipRefusal.None),
        ("novelsc.dat", Outcome.Accept, SipRefusal.None),
        ("unksm2.dat", Outcome.Accept, SipRefusal.None),
        ("bext01.dat", Outcome.Accept, SipRefusal.None),
        ("invut.dat", Outcome.Accept, SipRefusal.None),
        ("regaut01.dat", Outcome.Accept, SipRefusal.None),
        ("multi01.dat", "400", SipRefusal.DuplicateHeader),
        ("mcl01.dat", "400", SipRefusal.ContentLengthConflict),
        ("bcast.dat", Outcome.Accept, SipRefusal.None),
        ("zeromf.dat", Outcome.Accept, SipRefusal.None),
        ("cparam01.dat", Outcome.Accept, SipRefusal.None),
        ("cparam02.dat", Outcome.Accept, SipRefusal.None),
        ("regescrt.dat", Outcome.Accept, SipRefusal.None),
        ("sdp01.dat", Outcome.Accept, SipRefusal.None),
        ("inv2543.dat", Outcome.Accept, SipRefusal.None),
        ("test.dat", Outcome.Drop, SipRefusal.BadStartLine),
    ];

    private static IEnumerable<TestCaseData> Cases => Table.Select(row => new TestCaseData(row.File, row.Outcome, row.Refusal));

    [TestCaseSource(nameof(Cases))]
    public void Datagram_ends_as_the_rfc_says(string file, string outcome, SipRefusal refusal)
    {
        var actual = Outcome.Of(TestData.Read("rfc4475", file), out var why);
        Assert.That((actual, why), Is.EqualTo((outcome, refusal)));
    }

    [Test]
    public void UnquotedCommaInADisplayName_IsInferredToBeQuoted()
    {
        // RFC 4475 §3.1.2.15: an element may attempt to be liberal. The archive's file ends without the blank line that the text shows.
        using var message = Parsed.Ok([.. TestData.Read("rfc4475", "baddn.dat"), .. "\r\n"u8]);
        Assert.That(System.Text.Encoding.ASCII.GetString(message.From.DisplayName), Is.EqualTo("Bell, Alexander"));
    }

    [Test]
    public void Folded_and_spaced_fields_of_wsinv_are_read()
    {
        using var message = Parsed.Ok(TestData.Read("rfc4475", "wsinv.dat"));
        var vias = 0;
        foreach (var value in message.GetValues(SipHeaderId.Via))
            vias += ViaView.TryParse(value, out _) ? 1 : 100;
        Assert.That(vias, Is.EqualTo(3));
        Assert.That(Encoding.ASCII.GetString(message.TopViaBranch), Is.EqualTo("390skdjuw"));
        Assert.That((message.CSeqNumber, message.CSeqMethod), Is.EqualTo((9u, SipMethod.Invite)));
        Assert.That(
            (Encoding.ASCII.GetString(message.FromTag), Encoding.ASCII.GetString(message.ToTag)), Is.EqualTo(("98asjd8", "1918181833n")));
        Assert.That(Encoding.ASCII.GetString(message.From.DisplayName), Is.EqualTo("J Rosenberg \\\\\\\""));
        Assert.That(message.TryGetHeader("newfangledheader"u8, out var folded), Is.True);
        Assert.That(Encoding.ASCII.GetString(folded), Does.Match("^newfangled value +continued newfangled value$"));
        Assert.That(message.TryGetHeader(SipHeaderId.Subject, out var subject) && subject.IsEmpty, Is.True);
    }

    [Test]
    public void Escaped_method_and_header_names_are_not_decoded()
    {
        using var message = Parsed.Ok(TestData.Read("rfc4475", "esc02.dat"));
        var contacts = 0;
        foreach (var _ in message.GetValues(SipHeaderId.Contact))
            contacts++;
        Assert.That((message.Method, contacts), Is.EqualTo((SipMethod.Other, 2)));
    }

    [Test]
    public void Escaped_nul_does_not_cut_a_user_short()
    {
        using var message = Parsed.Ok(TestData.Read("rfc4475", "escnull.dat"));
        var users = new List<string>();
        foreach (var value in message.GetValues(SipHeaderId.Contact))
        {
            users.Add(SipEscapes.Unescape(Views.Uri(Views.Name(value).Uri).User));
        }

        Assert.That(users, Is.EqualTo(new[] { "\0", "\0\0" }));
    }

    [Test]
    public void Semicolon_in_a_user_part_is_part_of_it()
    {
        using var message = Parsed.Ok(TestData.Read("rfc4475", "semiuri.dat"));
        Assert.That(SipUriView.TryParse(message.RequestUri, out var uri), Is.True);
        Assert.That((SipEscapes.Unescape(uri.User), uri.Parameters.IsEmpty), Is.EqualTo(("user;par=u@example.net", true)));
    }

    [Test]
    public void Bytes_behind_the_body_of_a_datagram_are_ignored()
    {
        using var message = Parsed.Ok(TestData.Read("rfc4475", "dblreq.dat"));
        Assert.That((message.Method, message.Body.Length), Is.EqualTo((SipMethod.Register, 0)));
    }

    [Test]
    public void Parameter_behind_the_bracket_is_not_the_URIs()
    {
        Assert.That((HasUriParameter("cparam01.dat"), HasUriParameter("cparam02.dat")), Is.EqualTo((false, true)));

        static bool HasUriParameter(string file)
        {
            using var message = Parsed.Ok(TestData.Read("rfc4475", file));
            Assert.That(message.TryGetHeader(SipHeaderId.Contact, out var value), Is.True);
            var contact = Views.Name(value);
            var uri = Views.Uri(contact.Uri);
            Assert.That(contact.TryGetParameter("unknownparam"u8, out _), Is.Not.EqualTo(uri.TryGetParameter("unknownparam"u8, out _)));
            return uri.TryGetParameter("unknownparam"u8, out _);
        }
    }

    [Test]
    public void Every_message_of_the_archive_has_a_row() =>
        Assert.That(Table.Select(row => row.File), Is.EquivalentTo(TestData.Files("rfc4475", "*.dat")));
}

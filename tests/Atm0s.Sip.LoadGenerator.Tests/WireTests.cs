using System.Text;
using Atm0s.Sip.LoadGenerator.Wire;

namespace Atm0s.Sip.LoadGenerator.Tests;

[TestFixture]
public sealed class WireTests
{
    [Test]
    public void TryFind_InAResponse_GivesTheBranchThatWasWritten()
    {
        var written = new BranchId(0xDEADBEEF, 7, 0x10, 2);
        var writer = new SipWriter(500).Text("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.2:5060;branch="u8);
        written.Write(writer);
        writer.Text(";rport\r\n\r\n"u8);

        Assert.That(BranchId.TryFind(writer.Written, out var found), Is.True);
        Assert.That(found, Is.EqualTo(written));
    }

    [TestCase("z9hG4bKlg")]
    [TestCase("z9hG4bKlgdeadbeef")]
    [TestCase("z9hG4bKlgdeadbeefxxxxxxxx0000001000000002")]
    [TestCase("z9hG4bKother")]
    public void TryFind_InSomethingElse_IsFalse(string text) =>
        Assert.That(BranchId.TryFind(Encoding.ASCII.GetBytes(text), out _), Is.False);

    [Test]
    public void Parameter_WhoseNameEndsAnother_IsItsOwn()
    {
        var value = "Digest cnonce=\"a\", realm=\"here, there\", nonce=\"b\",qop=\"auth\""u8;

        Assert.That(Encoding.ASCII.GetString(SipReader.Parameter(value, "nonce="u8)), Is.EqualTo("b"));
        Assert.That(Encoding.ASCII.GetString(SipReader.Parameter(value, "realm="u8)), Is.EqualTo("here, there"));
        Assert.That(SipReader.Parameter(value, "opaque="u8).Length, Is.Zero);
    }

    [Test]
    public void Write_AnswersAChallenge_WithTheDigestOfAnother()
    {
        // RFC 2617 §3.2.2.1; the digest was computed by another program.
        var response = "SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256\r\n"u8.ToArray()
            .Concat("WWW-Authenticate: Digest realm=\"r\", nonce=\"m\", algorithm=MD5, qop=\"auth\", opaque=\"o\"\r\n\r\n"u8.ToArray())
                .ToArray();
        Assert.That(Challenge.TryFind(response, out var challenge), Is.True);
        var writer = new SipWriter(500);
        new Passwords(user => $"pw-{user}").Write(writer, challenge, 12, "REGISTER"u8, "sip:127.0.0.1"u8);

        Assert.That(Encoding.ASCII.GetString(writer.Written), Is.EqualTo(
            "Authorization: Digest username=\"u000012\", realm=\"r\", nonce=\"m\", uri=\"sip:127.0.0.1\", "
                + "response=\"87f959ab267d8b672960310d05edfa6c\", algorithm=MD5,"
            + " opaque=\"o\", qop=auth, nc=00000001, cnonce=\"6c67\"\r\n"));
    }
}

using System.Text;
using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip.Core.Tests.Authentication;

[TestFixture]
[Property("rfc", "7616, 2617, 8760")]
public class DigestVectorTests
{
    [Test]
    public void Data_HasAllVectors()
    {
        Assert.That(DigestVectors.All, Has.Count.EqualTo(30));
        Assert.That(DigestVectors.Supported().Count(), Is.EqualTo(17));
    }

    [TestCaseSource(typeof(DigestVectors), nameof(DigestVectors.Supported))]
    public void Response_EqualsTheVector(DigestVector vector)
    {
        var isSession = vector.Algorithm.EndsWith("-sess", StringComparison.Ordinal);
        Assert.That(DigestAlgorithms.TryParse(vector.Algorithm.Replace("-sess", "", StringComparison.Ordinal), out var algorithm), Is.True);
        var ha1 = Ha1.Compute(algorithm, vector.Username, vector.Realm, vector.Password);

        Span<byte> response = stackalloc byte[DigestAlgorithms.MaxHexLength];
        var input = new DigestInput
        {
            Nonce = Encoding.UTF8.GetBytes(vector.Nonce),
            Cnonce = Encoding.UTF8.GetBytes(vector.Cnonce ?? ""),
            NonceCount = Encoding.UTF8.GetBytes(vector.NonceCount ?? ""),
            Uri = Encoding.UTF8.GetBytes(vector.Uri),
            Qop = Encoding.UTF8.GetBytes(vector.Qop ?? ""),
            IsSession = isSession,
        };
        var length = DigestResponse.Compute(algorithm, ha1, input, Encoding.UTF8.GetBytes(vector.Method), response);

        Assert.That(Encoding.ASCII.GetString(response[..length]), Is.EqualTo(vector.Response));
        // The vectors give HA1 with nonce and cnonce folded in for -sess (RFC 7616 §3.4.2); we store it without.
        if (!isSession)
            Assert.That(ha1, Is.EqualTo(vector.Ha1));
    }

    [TestCaseSource(typeof(DigestVectors), nameof(DigestVectors.Spoken))]
    public void Client_ProducesTheVector(DigestVector vector)
    {
        var client = new DigestClient(vector.Username, vector.Password, null, () => vector.Cnonce ?? "unused");
        var qop = vector.Qop is null ? "" : $", qop=\"{vector.Qop}\"";
        client.Offer(
            Encoding.UTF8.GetBytes($"Digest realm=\"{vector.Realm}\", nonce=\"{vector.Nonce}\", algorithm={vector.Algorithm}{qop}"));
        var count = vector.NonceCount is null ? 1 : Convert.ToInt32(vector.NonceCount, 16);

        var authorization = "";
        for (var i = 0; i < count; i++)
            authorization = client.Authorize(vector.Method, vector.Uri);

        Assert.That(authorization, Does.Contain($"response=\"{vector.Response}\""));
        Assert.That(authorization, vector.Qop is null ? Does.Not.Contain("nc=")
            : Does.Contain($"nc={vector.NonceCount}, cnonce=\"{vector.Cnonce}\""));
    }

    [TestCaseSource(typeof(DigestVectors), nameof(DigestVectors.Unsupported))]
    public void Client_LeavesWhatItCannotDo(DigestVector vector)
    {
        var client = new DigestClient(vector.Username, vector.Password, null, () => "c");

        client.Offer(
            Encoding.UTF8.GetBytes(
            $"Digest realm=\"{vector.Realm}\", nonce=\"{vector.Nonce}\", algorithm={vector.Algorithm}, qop=\"{vector.Qop}\""));

        Assert.That(client.CanAuthorize, Is.False);
    }

    [Test]
    public void Ha1_ByToken_EqualsThatOfTheEnumeration()
    {
        Assert.That(Ha1.Compute("sha-256", "u", "r", "p"), Is.EqualTo(Ha1.Compute(DigestAlgorithm.Sha256, "u", "r", "p")));
        Assert.That(Ha1.Compute("MD5", "u", "r", "p"), Is.EqualTo(Ha1.Compute(DigestAlgorithm.Md5, "u", "r", "p")));
        Assert.That(() => Ha1.Compute("SHA-512-256", "u", "r", "p"), Throws.ArgumentException);
    }
}

using System.Net;
using System.Text;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Fuzz.Targets;

/// <summary>A digest header: taken as credentials and checked, taken as a challenge and answered.</summary>
internal sealed class DigestTarget : FuzzTarget
{
    private const string Realm = "pbx.example.org";
    private const string Password = "correct horse";
    private static readonly IPAddress Source = IPAddress.Parse("203.0.113.200");
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(10);

    public override string Name => "digest";

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (var algorithm in new[] { DigestAlgorithm.Sha256, DigestAlgorithm.Md5 })
        {
            foreach (var challenge in Challenges(NewServer(algorithm), stale: algorithm == DigestAlgorithm.Md5))
            {
                yield return Encoding.UTF8.GetBytes(challenge);
                var client = NewClient();
                client.Offer(Encoding.UTF8.GetBytes(challenge));
                yield return Encoding.UTF8.GetBytes(client.Authorize("REGISTER", "sip:pbx.example.org"));
            }
        }

        yield return "Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:x\", response=\"00000000000000000000000000000000\""u8.ToArray();
        yield return
            "Digest realm=\"a\\\"b\", nonce=\"\", qop=\"auth,auth-int\", opaque=\"x\", algorithm=MD5-sess, domain=\"sip:a sip:b\""u8
                .ToArray();
        yield return "Digest username*=UTF-8''J%c3%a4s, userhash=true, nc=00000001, cnonce=\"c\", qop=auth-int"u8.ToArray();
        yield return "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="u8.ToArray();
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var server = NewServer(DigestAlgorithm.Sha256, DigestAlgorithm.Md5);
        server.Read(input, out var credentials, Source);
        var reading = NewServer(DigestAlgorithm.Sha256, DigestAlgorithm.Md5).Read(input, out var foreign, IPAddress.Parse("198.51.100.7"));
        Must(reading != DigestReading.Digest || foreign is null || credentials is null, "A nonce is good from where it was given to.");
        if (credentials is not null)
            Check(server, credentials);
        var client = NewClient();
        client.Offer(input);
        if (client.CanAuthorize)
            Must(client.Authorize("INVITE", "sip:1002@pbx.example.org").Length > 0, "A challenge that is taken is answered.");
    }

    private static void Check(DigestServer server, DigestCredentials credentials)
    {
        var ha1 = Ha1.Compute(credentials.Algorithm, credentials.Username, Realm, Password);
        Must(server.Verify(credentials, "REGISTER", null, Now) != DigestVerdict.Accepted, "Nobody's password is never right.");
        if (server.Verify(credentials, "REGISTER", ha1, Now) == DigestVerdict.Accepted && credentials.HasQop)
            Must(server.Verify(credentials, "REGISTER", ha1, Now) != DigestVerdict.Accepted, "What is counted is right once.");
    }

    private static IEnumerable<string> Challenges(DigestServer server, bool stale)
    {
        using var buffer = PooledBufferWriter.Rent();
        server.Challenge(Now, stale, Source).WriteTo(new SipWriter(buffer));
        const string Header = "WWW-Authenticate: ";
        return [.. Encoding.UTF8.GetString(buffer.WrittenSpan).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line[Header.Length..])];
    }

    private static DigestServer NewServer(params DigestAlgorithm[] algorithms) =>
        new(Realm, algorithms, TimeSpan.FromMinutes(5), new byte[32], 100);

    private static DigestClient NewClient() => new("1001", Password, null, static () => "cnonce");
}

using System.Text;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Serialization;
using BenchmarkDotNet.Attributes;

namespace Atm0s.Sip.Benchmarks.Core;

/// <summary>What a REGISTER costs the server: the challenge, then reading and checking the credentials.</summary>
[MemoryDiagnoser]
public class DigestBenchmarks
{
    private const string Realm = "pbx.example.org";
    private const string Uri = "sip:pbx.example.org";

    private readonly DigestServer _server = new(Realm, [DigestAlgorithm.Sha256, DigestAlgorithm.Md5], TimeSpan.FromHours(1));
    private byte[] _md5 = [];
    private byte[] _sha256 = [];
    private string _md5Ha1 = "";
    private string _sha256Ha1 = "";

    [GlobalSetup]
    public void Authorize()
    {
        (_md5, _md5Ha1) = Prepare(DigestAlgorithm.Md5);
        (_sha256, _sha256Ha1) = Prepare(DigestAlgorithm.Sha256);
        // Without qop the same credentials stay acceptable: otherwise all checks but the first would be of replays.
        if (VerifyMd5() != DigestVerdict.Accepted || VerifySha256() != DigestVerdict.Accepted)
            throw new InvalidOperationException("The credentials must be right.");
    }

    [Benchmark]
    public int WriteChallenges()
    {
        using var buffer = PooledBufferWriter.Rent();
        _server.Challenge(TimeSpan.Zero, stale: false).WriteTo(new SipWriter(buffer));
        return buffer.WrittenCount;
    }

    [Benchmark]
    public DigestVerdict VerifyMd5() => Verify(_md5, _md5Ha1);

    [Benchmark]
    public DigestVerdict VerifySha256() => Verify(_sha256, _sha256Ha1);

    private DigestVerdict Verify(byte[] authorization, string ha1)
    {
        _server.Read(authorization, out var credentials);
        return _server.Verify(credentials!, "REGISTER", ha1, TimeSpan.Zero);
    }

    private (byte[] Authorization, string Ha1) Prepare(DigestAlgorithm algorithm)
    {
        var client = new DigestClient("1001", "password", null, () => "0a4f113b");
        using var buffer = PooledBufferWriter.Rent();
        _server.Challenge(TimeSpan.Zero, stale: false).WriteTo(new SipWriter(buffer));
        var challenge = Encoding.UTF8.GetString(buffer.WrittenSpan).Replace("WWW-Authenticate: ", "", StringComparison.Ordinal)
            .Split("\r\n").Single(c => c.Contains($"algorithm={algorithm.ToToken()},", StringComparison.Ordinal));
        client.Offer(Encoding.UTF8.GetBytes(challenge.Replace(", qop=\"auth\"", "", StringComparison.Ordinal)));
        return (Encoding.UTF8.GetBytes(client.Authorize("REGISTER", Uri)), Ha1.Compute(algorithm, "1001", Realm, "password"));
    }
}

using System.Net;
using System.Text;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Serialization;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Authentication;

/// <summary>A server, a client that knows the password, and a clock that the test moves.</summary>
internal sealed class ServerFixture
{
    public const string Realm = "pbx.example.org";
    public const string User = "1001";
    public const string Password = "correct horse";
    public const string Uri = "sip:pbx.example.org";

    private readonly FakeTimeProvider _clock = new();
    private readonly long _start;

    public ServerFixture(int capacity = 100_000, byte[]? key = null, params DigestAlgorithm[] algorithms)
    {
        _start = _clock.GetTimestamp();
        Server = new DigestServer(Realm, algorithms.Length == 0 ? [DigestAlgorithm.Sha256, DigestAlgorithm.Md5]
            : algorithms, TimeSpan.FromMinutes(5), key, capacity);
    }

    public DigestServer Server { get; }

    public TimeSpan Now => _clock.GetElapsedTime(_start);

    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>The values of WWW-Authenticate that a server writes into a 401.</summary>
    public static IReadOnlyList<string> Challenges(DigestServer server, TimeSpan now, bool stale = false, IPAddress? source = null)
    {
        using var buffer = new PooledBufferWriter();
        server.Challenge(now, stale, source).WriteTo(new SipWriter(buffer));
        const string name = "WWW-Authenticate: ";
        var lines = Encoding.UTF8.GetString(buffer.WrittenSpan).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Is.All.StartsWith(name));
        return [.. lines.Select(line => line[name.Length..])];
    }

    public static DigestClient Client(string password = Password, string user = User, string? realm = null)
    {
        var count = 0;
        return new DigestClient(user, password, realm, () => $"cnonce{++count}");
    }

    /// <summary>A client that took one challenge of the server.</summary>
    public DigestClient Challenged(DigestAlgorithm algorithm = DigestAlgorithm.Md5, string password = Password, string user = User)
    {
        var client = Client(password, user);
        client.Offer(
            Encoding.UTF8.GetBytes(
            Challenges(Server, Now)
            .Single(c => c.Contains($"algorithm={algorithm.ToToken()},", StringComparison.Ordinal))));
        return client;
    }

    public DigestVerdict Verify(string authorization, string method = "REGISTER", string? password = Password)
    {
        Assert.That(
            Server.Read(Encoding.UTF8.GetBytes(authorization), out var credentials), Is.EqualTo(DigestReading.Digest), authorization);
        var ha1 = password is null ? null : Ha1.Compute(credentials!.Algorithm, credentials.Username, Realm, password);
        return Server.Verify(credentials!, method, ha1, Now);
    }

    public DigestReading Read(string authorization) => Server.Read(Encoding.UTF8.GetBytes(authorization), out _);
}

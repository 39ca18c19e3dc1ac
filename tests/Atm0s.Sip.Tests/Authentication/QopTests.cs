using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Authentication;

/// <summary>Who is offered qop has to use it (RFC 3261 §22.4, RFC 7616 §3.4), unless the host lets old phones in.</summary>
[SingleThreaded]
public sealed class QopTests
{
    private SignallingWorld _all = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void CredentialsWithoutQop_AreNotEvenJudged(
        [Values("REGISTER", "INVITE")] string method, [Values(true, false)] bool isRequired, [Values("pw-alice", "guess")] string password)
    {
        _all = new SignallingWorld(options =>
        {
            if (!isRequired)
                options.Authentication.RequireQop = false;
        });
        var (to, uri) = method == "INVITE" ? ("room1", "sip:room1@test.local") : (null, "sip:test.local");
        var body = to is null ? "" : _all.Alice.Sdp;
        _all.Alice.Send(_all.Alice.Request(method, to, "c1", body, _all.Alice.Contact()));
        var challenge = _all.Alice.WaitForResponse(method, 401)["WWW-Authenticate"];
        Assert.That(challenge, Does.Contain("qop=\"auth\""));
        var authorization = WithoutQop(challenge, method, uri, password);
        _all.Alice.Send(_all.Alice.Request(method, to, "c1", body, _all.Alice.Contact() + authorization));
        var got = _all.Alice.WaitFor(m => m.IsResponse && m.Method == method && m.Status is >= 200 and not 401);
        Assert.That(got.Status, Is.EqualTo(isRequired ? 400 : password == "guess" ? 403 : 200));
        Assert.That(_all.Host.Asked, Has.Count.EqualTo(isRequired ? 0 : 1));
        Assert.That(got.Raw, Does.Not.Contain("RequireQop"), "our settings are nobody's affair");
    }

    private static string WithoutQop(string challenge, string method, string uri, string password)
    {
        var (realm, nonce) = (SipText.Parameter(challenge, "realm"), SipText.Parameter(challenge, "nonce"));
        var response = Md5($"{Md5($"alice:{realm}:{password}")}:{nonce}:{Md5($"{method}:{uri}")}");
        return $"Authorization: Digest username=\"alice\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\", "
            + "algorithm=MD5\r\n";
    }

#pragma warning disable CA5351 // MD5 is what the protocol says.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}

using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Authentication;

/// <summary>What somebody has overheard is good for nothing, however often it is sent (RFC 7616 §3.4, §5.4).</summary>
[SingleThreaded]
public sealed class ReplayTests
{
    private const int Replays = 10_000;

    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        (_world, _host) = (new VirtualWorld(), new TestHost());
        _server = _world.StartServer(_host.Handlers, static options => options.Defence.MaxRequestsPerSecondPerSource = 0);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void TenThousandReplays_RegisterNobody_AndThePhoneGoesOn([Values] bool fromItsAddress, [Values] bool afterTheRestart)
    {
        var challenge = Challenge();
        var authorization = _alice.Authorize(challenge, "REGISTER", "sip:test.local");
        Register(_alice, "r1", authorization);
        Assert.That(_alice.WaitForResponse("REGISTER", 200).Status, Is.EqualTo(200));
        if (afterTheRestart)
            Restart();
        var asked = _host.Asked.Count;

        var thief = fromItsAddress ? _alice : new ScriptedPhone(_world, "alice", "10.66.6.6");
        thief.Received.Clear();
        for (var i = 0; i < Replays; i++)
        {
            Register(thief, $"t{i}", authorization, "Contact: <sip:x@10.66.6.6:5060>\r\n");
            if (i % 100 == 99)
                _world.Advance(TimeSpan.FromMilliseconds(40));
        }

        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(thief.Received.Count(m => m.IsResponse && m.Status == 401), Is.EqualTo(Replays));
        Assert.That(thief.Received.Count(m => m.IsResponse && m.Status == 200), Is.Zero);
        Assert.That(_server.FindRegistrations("alice").Select(r => r.Contact), Has.None.Contains("10.66.6.6"));
        if (!fromItsAddress || afterTheRestart)
            Assert.That(_host.Asked, Has.Count.EqualTo(asked), "the host is not even asked");
        if (afterTheRestart)
            return;

        // The phone uses its nonce again, with the next count, and is not asked for its password anew.
        _alice.Received.Clear();
        Register(_alice, "r1", WithCount(challenge, 2));
        Assert.That(_alice.WaitFor(m => m.IsResponse && m["Call-ID"] == "r1").Status, Is.EqualTo(200));
    }

    private SipText Challenge()
    {
        Register(_alice, "r1", "");
        return _alice.WaitForResponse("REGISTER", 401);
    }

    private static void Register(ScriptedPhone phone, string callId, string authorization, string? contact = null) =>
        phone.Send(phone.Request("REGISTER", null, callId, extra: (contact ?? phone.Contact()) + authorization));

    private string WithCount(SipText challenge, int count)
    {
        var value = challenge.All("WWW-Authenticate").First(v => v.Contains("algorithm=MD5", StringComparison.Ordinal));
        var nonce = SipText.Parameter(value, "nonce");
        var response = Md5(
            $"{Md5("alice:test.local:pw-alice")}:{nonce}:{count:x8}:abc:auth:{Md5("REGISTER:sip:test.local")}");
        return $"Authorization: Digest username=\"alice\", realm=\"test.local\", nonce=\"{nonce}\", uri=\"sip:test.local\", "
            + $"response=\"{response}\", algorithm=MD5, qop=auth, nc={count:x8}, cnonce=\"abc\"\r\n";
    }

#pragma warning disable CA5351 // MD5 is what the protocol says.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    private void Restart()
    {
        _world.Complete(_server.StopAsync());
        _server = _world.StartServer(_host.Handlers, static options => options.Defence.MaxRequestsPerSecondPerSource = 0);
    }
}

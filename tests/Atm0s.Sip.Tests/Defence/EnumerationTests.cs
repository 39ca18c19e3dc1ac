using System.Text.RegularExpressions;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>Nothing that a stranger hears tells which users there are: same status, same fields, same size.</summary>
[SingleThreaded]
public sealed class EnumerationTests : IMessageHandler
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;

    [SetUp]
    public void SetUp()
    {
        (_world, _host) = (new VirtualWorld(), new TestHost());
        // Users: those whose names begin with "known".
        _host.Authorize = (request, _) => ValueTask.FromResult(request.Username.StartsWith("known", StringComparison.Ordinal)
            ? AuthDecision.WithHa1(Core.Authentication.Ha1.Compute(request.Algorithm, request.Username, request.Realm, "secret"))
            : AuthDecision.Unknown);
        _world.StartServer(new SipServerHandlers { Auth = _host, Invite = _host, Registrations = _host, Calls = _host, Messages = this });
        // One of them is there.
        new ScriptedPhone(_world, "known1", "10.0.2.1").Register(password: "secret");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void KnownAndUnknown_AreAnsweredAlike(
        [Values("REGISTER", "INVITE", "OPTIONS", "SUBSCRIBE", "MESSAGE", "PUBLISH", "REFER", "BYE")] string method,
            [Values] bool withPassword)
    {
        // Equally long names, so that sizes tell something; from addresses of their own, so that no limit does.
        var answers = new[] { "known1", "known2", "nobody" }.Select((user, i) => Ask(user, method, withPassword, $"10.66.7.{i + 1}"))
            .ToList();
        Assert.That(answers.Distinct().Count(), Is.EqualTo(1), string.Join("\n---\n", answers));
    }

    public ValueTask<MessageDecision> HandleMessageAsync(MessageRequest message, CancellationToken cancellationToken) =>
        ValueTask.FromResult(MessageDecision.Accept());

    private string Ask(string user, string method, bool withPassword, string address)
    {
        var phone = new ScriptedPhone(_world, user, address);
        var (to, uri) = method == "REGISTER" ? (null, "sip:test.local") : (user, $"sip:{user}@test.local");
        var more = phone.Contact() + (method == "REFER" ? "Refer-To: <sip:x@test.local>\r\n" : "");
        phone.Send(phone.Request(method, to, "c1", method == "INVITE" ? phone.Sdp : "", more));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        var answer = phone.Received.Single();
        if (withPassword && answer.Status == 401)
        {
            phone.Received.Clear();
            phone.Send(phone.Request(method, to, "c1", method == "INVITE" ? phone.Sdp : "",
                more + phone.Authorize(answer, method, uri, "guess")));
            _world.Advance(TimeSpan.FromSeconds(40));
            answer = phone.Received.Single();
        }

        // What is of chance, or was said by the phone itself.
        var text = answer.Raw.Replace(user, "USER", StringComparison.Ordinal).Replace(address, "ADDRESS", StringComparison.Ordinal);
        var plain = Regex.Replace(text, "nonce=\"[^\"]+\"", "nonce=\"N\"");
        return Regex.Replace(plain, @"(To: [^\r]*;tag=)\S+", "$1TAG") + $"{answer.Raw.Length} bytes";
    }
}

using Atm0s.Sip.Configuration;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>No sentence about a wrong setting shows a password, wherever somebody has written it.</summary>
public sealed class SecretsInSentencesTests
{
    private const string Secret = "hunter2";

    private static readonly string Long = new('x', 100);

    private static IEnumerable<string> Wrong =>
    [
        Trunk("\"Server\": \"sip:192.0.2.1\", \"Credentials\": \"user:hunter2\""),
        Trunk("\"Server\": \"sip:192.0.2.1\", \"Credentials\": \"hunter2\""),
        Trunk("\"Server\": \"sip:192.0.2.1\", \"Credentials\": [ \"user:hunter2\" ]"),
        Trunk("\"Server\": \"sip:192.0.2.1\", \"Credentials\": { \"Username\": \"user\", \"Password\": [ \"hunter2\" ] }"),
        Trunk("\"Server\": \"user:hunter2@pbx.example.com\""),
        Trunk("\"Server\": \"sip:user:hunter2@pbx.example.com\""),
        Trunk("\"Server\": \"SIPS:user:hunter2@pbx.example.com\""),
        Trunk("\"Server\": \"sip:user:hunter2@a@pbx.example.com\""),
        Trunk($"\"Server\": \"sip:user:hunter2{Long}@pbx.example.com\""),
        Trunk($"\"Server\": \"{Long}:hunter2@pbx.example.com\""),
        Trunk($"\"Server\": \"user:hunter2{Long}@pbx.example.com\""),
        "\"Listeners\": \"udp://127.0.0.1:0\", \"Trunks\": { \"carrier\": \"user:hunter2@pbx.example.com\" }",
        "\"Listeners\": \"udp://127.0.0.1:0\", \"Trunks\": [ \"sip:user:hunter2@pbx.example.com\" ]",
        "\"Listeners\": \"udp://127.0.0.1:0\", \"Domain\": \"user:hunter2@sip.example.com\"",
        "\"Listeners\": { \"0\": { \"EndPoint\": \"user:hunter2@127.0.0.1:0\" } }",
    ];

    [TestCaseSource(nameof(Wrong))]
    public async Task Password_IsNotShown(string sip)
    {
        var problem = await ConfiguredHost.StartAsync(sip);
        Assert.That(problem, Is.TypeOf<SipStartException>());
        Assert.That(problem!.ToString(), Does.Not.Contain(Secret));
    }

    [TestCase("sip:user:hunter2@pbx", "sip:user:***@pbx")]
    [TestCase("user:hunter2@pbx", "user:***@pbx")]
    [TestCase("sip:user@pbx:5060", "sip:user@pbx:5060")]
    [TestCase("pbx:5060", "pbx:5060")]
    [TestCase("sip://user:hunter2@pbx", "sip://user:***@pbx")]
    [TestCase("a\r\nb", "a  b")]
    public void Quote_ShowsTheRest(string text, string shown) => Assert.That(ConfigurationPlace.Quote(text), Is.EqualTo(shown));

    private static string Trunk(string settings) =>
        $"\"Listeners\": \"udp://127.0.0.1:0\", \"Trunks\": {{ \"carrier\": {{ {settings} }} }}";
}

using System.Net;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Configuration;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>How settings may be written.</summary>
public sealed class ReadingTests
{
    [TestCase("00:00:05", 5_000)]
    [TestCase("5s", 5_000)]
    [TestCase("500ms", 500)]
    [TestCase("0.5 s", 500)]
    [TestCase("1m", 60_000)]
    [TestCase("1 min", 60_000)]
    public void Time_HasAUnit(string text, int milliseconds) =>
        Assert.That(
            ConfiguredHost.Read($"\"HandlerTimeout\": \"{text}\"").HandlerTimeout, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    [TestCase("131072", 131_072)]
    [TestCase("128KiB", 131_072)]
    [TestCase("1 MiB", 1_048_576)]
    public void Size_MayHaveAUnit(string text, int bytes) =>
        Assert.That(
            ConfiguredHost.Read($"\"Listeners\": [ {{ \"MaxSendBytes\": \"{text}\" }} ]").Listeners[0].MaxSendBytes, Is.EqualTo(bytes));

    [Test]
    public void List_TakesThePlaceOfTheDefault()
    {
        var options = ConfiguredHost.Read(
            "\"Media\": { \"Codecs\": [ \"PCMA\" ] }, \"Authentication\": { \"Algorithms\": [ \"SHA-256\" ] }, "
            + "\"Defence\": { \"DroppedUserAgents\": [ ] }");
        Assert.That(options.Media.Codecs, Is.EqualTo(new[] { "PCMA" }));
        Assert.That(options.Authentication.Algorithms, Is.EqualTo(new[] { DigestAlgorithm.Sha256 }));
        Assert.That(options.Defence.DroppedUserAgents, Is.Empty);
    }

    [Test]
    public void List_AsOneText_IsWhatCommasPart() =>
        Assert.That(ConfiguredHost.Read("\"Media\": { \"Codecs\": \"PCMU, opus\" }").Media.Codecs, Is.EqualTo(new[] { "PCMU", "opus" }));

    [Test]
    public void Listeners_AsTextAndAsObject()
    {
        var options = ConfiguredHost.Read(
            "\"Listeners\": [ \"udp://0.0.0.0\", { \"Uri\": \"tcp://[::1]:5070\", \"AdvertisedHost\": \"a.example.com\" }, "
            + "{ \"Protocol\": \"tcp\", \"EndPoint\": \"127.0.0.1\" } ]");
        Assert.That(options.Listeners.Select(l => (l.Protocol, l.EndPoint, l.AdvertisedHost)), Is.EqualTo(new[]
        {
            (SipTransportProtocol.Udp, IPEndPoint.Parse("0.0.0.0:5060"), (string?)null),
            (SipTransportProtocol.Tcp, IPEndPoint.Parse("[::1]:5070"), "a.example.com"),
            (SipTransportProtocol.Tcp, IPEndPoint.Parse("127.0.0.1:5060"), null),
        }));
        Assert.That(ConfiguredHost.Read("\"Listeners\": \"udp://127.0.0.1:5062,tcp://127.0.0.1:5062\"").Listeners, Has.Count.EqualTo(2));
    }

    [Test]
    public void Trunks_HaveTheNameOfTheirKey_OrTheirOwn()
    {
        var options = ConfiguredHost.Read(
            "\"Trunks\": { \"carrier\": \"sip:192.0.2.1\", \"pbx\": { \"Name\": \"office\", \"Server\": \"sip:192.0.2.2\" }, "
            + "\"0\": { \"Name\": \"zero\", \"Server\": \"sip:192.0.2.3\" } }");
        Assert.That(options.Trunks.Select(trunk => (trunk.Name, trunk.Server)), Is.EquivalentTo(new[]
        {
            ("zero", "sip:192.0.2.3"), ("carrier", "sip:192.0.2.1"), ("office", "sip:192.0.2.2"),
        }));
    }

    [Test]
    public void AccessLists_TheSmallestNetworkFirst_AfterTheRules()
    {
        var options = ConfiguredHost.Read(
            "\"Access\": { \"Trust\": [ \"10.0.0.0/8\", \"10.6.6.0/24\" ], \"Refuse\": [ \"0.0.0.0/0\", \"10.6.0.0/16\", "
            + "\"10.6.6.0/24\" ], \"Challenge\": \"10.6.6.6\", \"Rules\": [ \"Trust 192.0.2.0/24\" ] }");
        Assert.That(options.Access.Rules.Select(rule => $"{rule.Action} {rule.Network}"), Is.EqualTo(new[]
        {
            "Trust 192.0.2.0/24", "Challenge 10.6.6.6", "Refuse 10.6.6.0/24", "Trust 10.6.6.0/24", "Refuse 10.6.0.0/16", "Trust 10.0.0.0/8",
            "Refuse 0.0.0.0/0",
        }));
    }

    [TestCase("\"Rules\": \"Refuse 10.0.0.0/8, Trust 10.0.0.5\"", null)]
    [TestCase("\"Rules\": [ \"Trust 192.0.2.0/24\", \"Trust 192.0.3.0/24\", \"Trust 192.0.4.0/24\" ]", "Refuse 10.0.0.0/8, Trust 10.0.0.5")]
    [TestCase("\"Rules\": [ \"Trust 192.0.2.0/24\" ]", "Refuse 10.0.0.0/8, Trust 10.0.0.5")]
    public void AccessRules_AsAText_KeepTheirOrder(string file, string? variable)
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(
            $"{{ \"Sip\": {{ \"Access\": {{ {file}, \"Trust\": \"10.1.0.0/16\", \"Refuse\": \"10.1.1.0/24\" }} }} }}"));
        var builder = new ConfigurationBuilder().AddJsonStream(json);
        if (variable is not null)
            builder.AddInMemoryCollection([KeyValuePair.Create("Sip:Access:Rules", (string?)variable)]);
        var options = new SipServerOptions();
        Atm0s.Sip.Configuration.SettingsReader.Read(options, builder.Build().GetSection("Sip"));
        Assert.That(options.Access.Rules.Select(rule => $"{rule.Action} {rule.Network}"), Is.EqualTo(new[]
        {
            "Refuse 10.0.0.0/8", "Trust 10.0.0.5", "Refuse 10.1.1.0/24", "Trust 10.1.0.0/16",
        }));
    }

    [Test]
    public void AccessLists_AnAddressIsAsSmallAsItsNetworkOfOne()
    {
        var options = ConfiguredHost.Read(
            "\"Access\": { \"Trust\": [ \"10.0.0.5\", \"2001:db8::5\" ], \"Refuse\": [ \"10.0.0.5/32\", \"2001:db8::5/128\" ] }");
        Assert.That(options.Access.Rules.Select(rule => $"{rule.Action} {rule.Network}"), Is.EqualTo(new[]
        {
            "Refuse 10.0.0.5/32", "Refuse 2001:db8::5/128", "Trust 10.0.0.5", "Trust 2001:db8::5",
        }));
    }

    [Test]
    public void EmptyOrNull_IsNone_WhereThereMayBeNone()
    {
        var options = ConfiguredHost.Read(
            "\"Product\": null, \"Domain\": \"\", \"Calls\": { \"MaxUnverifiedPerSource\": null }, "
            + "\"Media\": { \"AdvertisedAddress\": \"\" }");
        Assert.That((options.Product, options.Domain, options.Calls.MaxUnverifiedPerSource, options.Media.AdvertisedAddress),
            Is.EqualTo(((string?)null, (string?)null, (int?)null, (IPAddress?)null)));
    }
}

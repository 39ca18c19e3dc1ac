using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Tables;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Server;
using Microsoft.Extensions.Configuration;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>What can't be read stops the start with one sentence: its path, its value, and what to write.</summary>
public sealed class WrongConfigurationTests
{
    private const string Listener = "\"Listeners\": [ \"udp://127.0.0.1:0\" ], ";

    private static readonly (string Sip, string Sentence)[] Cases =
    [
        // Names.
        ("\"Relm\": \"x\"", "Sip:Relm is no setting; did you mean Sip:Realm?"),
        ("\"Listener\": [ \"udp://127.0.0.1:0\" ]", "Sip:Listener is no setting; did you mean Sip:Listeners?"),
        ("\"MaxCalls\": 5", "Sip:MaxCalls is no setting; did you mean Sip:Calls:MaxCalls?"),
        ("\"Trust\": [ \"10.0.0.0/8\" ]", "Sip:Trust is no setting; did you mean Sip:Access:Trust?"),
        ("\"Media\": { \"AdvertiseAddress\": \"1.2.3.4\" }",
            "Sip:Media:AdvertiseAddress is no setting; did you mean Sip:Media:AdvertisedAddress?"),
        ("\"Media\": { \"Codec\": [ \"PCMA\" ] }", "Sip:Media:Codec is no setting; did you mean Sip:Media:Codecs?"),
        ("\"Registrar\": { \"min-expires\": \"5s\" }", "Sip:Registrar:min-expires is no setting; did you mean Sip:Registrar:MinExpires?"),
        ("\"Registrar\": { \"Sunshine\": 1 }",
            "Sip:Registrar:Sunshine is no setting; those of Sip:Registrar are Enabled, MinExpires, MaxExpires, DefaultExpires, "
            + "MaxContactsPerUser, MaxRegistrations."),
        ("\"Listeners\": { \"0\": { \"Endpoint\": \"127.0.0.1:0\", \"Advertised\": \"x\" } }",
            "Sip:Listeners:0:Advertised is no setting; those of Sip:Listeners:0 are "),
        ("\"Trunks\": { \"carrier\": { \"Server\": \"sip:192.0.2.1\", \"Passwort\": \"hunter2\" } }",
            "Sip:Trunks:carrier:Passwort is no setting; did you mean Sip:Trunks:carrier:Credentials:Password?"),
        ("\"Trunks\": [ { \"Name\": \"x\", \"Server\": \"sip:192.0.2.1\", \"Credentials\": { \"Usernme\": \"a\" } } ]",
            "Sip:Trunks:0:Credentials:Usernme is no setting; did you mean Sip:Trunks:0:Credentials:Username?"),

        // Listeners.
        ("\"Listeners\": [ \"0.0.0.0:5060\" ]",
            "Sip:Listeners:0 can't be read: \"0.0.0.0:5060\" is no place to listen: write udp://ADDRESS:PORT"),
        ("\"Listeners\": [ \"ws://0.0.0.0:5061\" ]", "Sip:Listeners:0 can't be read: \"ws://0.0.0.0:5061\" is no place to listen"),
        ("\"Listeners\": [ \"tls://0.0.0.0:5061\" ]", "Sip:Listeners:0 is for TLS, and there is no certificate: set "),
        ("\"Tls\": { \"Certificates\": [ { \"Key\": \"/etc/key.pem\" } ] }", "Sip:Tls:Certificates:0 can't work: it names no file"),
        ("\"Listeners\": [ \"udp://example.com:5060\" ]", "Sip:Listeners:0 can't be read: \"example.com:5060\" is no address to listen at"),
        ("\"Listeners\": \"udp://127.0.0.1:0,tcp:5060\"", "Sip:Listeners can't be read: \"tcp:5060\" is no place to listen"),
        ("\"Listeners\": [ { \"Uri\": \"0.0.0.0:5060\" } ]",
            "Sip:Listeners:0:Uri is \"0.0.0.0:5060\"; write an address to listen at, for example udp://0.0.0.0:5060."),
        ("\"Listeners\": [ { \"Uri\": \"tls:5061\" } ]", "Sip:Listeners:0:Uri is \"tls:5061\"; write an address to listen at"),
        ("\"Listeners\": \"tls://127.0.0.1:0\"", "Sip:Listeners is for TLS, and there is no certificate"),
        ("\"Listeners\": [ { \"EndPoint\": \"localhost:5060\" } ]",
            "Sip:Listeners:0:EndPoint is \"localhost:5060\"; write an IP address and port, for example 0.0.0.0:5060 or [::]:5060."),
        ("\"Listeners\": [ { \"EndPoint\": 5060 } ]", "Sip:Listeners:0:EndPoint is \"5060\"; write an IP address and port"),
        ("\"Listeners\": [ { \"Protocol\": \"WSS\" } ]", "Sip:Listeners:0:Protocol is \"WSS\"; write Udp, Tcp or Tls"),
        ("\"Listeners\": [ { \"Protocol\": 1 } ]", "Sip:Listeners:0:Protocol is \"1\"; write "),
        ("\"Listeners\": { \"public\": \"udp://127.0.0.1:0\" }", "Sip:Listeners:public is no place in a list; write Sip:Listeners:0."),
        ("\"Listeners\": [ { \"EndPoint\": \"127.0.0.1:0\", \"AdvertisedHost\": \"sip.example.com:5060\" } ]",
            "Sip:Listeners:0:AdvertisedHost is \"sip.example.com:5060\"; write a host name or an IP address, and the port into "
            + "AdvertisedPort."),
        ("\"Listeners\": [ { \"EndPoint\": \"127.0.0.1:0\", \"MaxSendBytes\": \"1 KiB\" } ]",
            "Sip:Listeners:0:MaxSendBytes is \"1 KiB\"; write a number from 65536 to 16777216, for example 262144 or 256KiB."),
        ("\"Listeners\": [ ]", "The server has no listener: set Sip:Listeners:0, for example to udp://0.0.0.0:5060."),
        ("", "The configuration has no section Sip, or it is empty: set at least Sip:Listeners:0, for example to udp://0.0.0.0:5060."),

        // Values.
        (Listener + "\"Realm\": null", "Sip:Realm is null; write a text, for example sip.example.com."),
        (Listener + "\"Realm\": { \"Name\": \"x\" }", "Sip:Realm has settings below it; write a text, for example sip.example.com."),
        (Listener + "\"Realm\": \"a\\\"b\"", "Sip:Realm must be a text without quotes"),
        (Listener + "\"Media\": \"PCMA\"", "Sip:Media is \"PCMA\"; write the settings below it: FirstPort, LastPort, "),
        (Listener + "\"Media\": { \"AdvertisedAddress\": \"sip.example.com\" }",
            "Sip:Media:AdvertisedAddress is \"sip.example.com\"; write an IP address, for example 203.0.113.7."),
        (Listener + "\"Media\": { \"AdvertisedAddress\": \"10.1\" }", "Sip:Media:AdvertisedAddress is \"10.1\"; write an IP address"),
        (Listener + "\"Media\": { \"Codecs\": [ ] }", "Sip:Media:Codecs is empty: leave the default"),
        (Listener + "\"Media\": { \"Codecs\": [ \"PCMA\", null ] }",
            "Sip:Media:Codecs:1 is null; write the name of a codec, for example PCMA."),
        (Listener + "\"Media\": { \"Codecs\": [ \"G729\" ] }", "G729"),
        (Listener + "\"Media\": { \"Codecs\": \"PCMA,PCMA\" }", "names PCMA twice"),
        (Listener + "\"Media\": { \"FirstPort\": 50000, \"LastPort\": 40000 }",
            "Sip:Media:LastPort is 40000; write a number from 50001 to 65535, above Media.FirstPort."),
        (Listener + "\"Media\": { \"Dscp\": 64 }", "Sip:Media:Dscp is \"64\"; write a number from 0 to 63."),
        (Listener + "\"Media\": { \"Threads\": \"two\" }", "Sip:Media:Threads is \"two\"; write a number from 1 to 64."),
        (Listener + "\"Media\": { \"Threads\": 1.5 }", "Sip:Media:Threads is \"1.5\"; write a number from 1 to 64."),
        (Listener + "\"Media\": { \"OpusBitrate\": 99999999999 }",
            "Sip:Media:OpusBitrate is \"99999999999\"; write a number from 6000 to 510000."),
        (Listener + "\"Media\": { \"ComfortNoise\": \"yes\" }", "Sip:Media:ComfortNoise is \"yes\"; write true or false."),
        (Listener + "\"HandlerTimeout\": 5",
            "Sip:HandlerTimeout is \"5\"; write a time from 0.1 s to 60 s, for example 5s or 00:00:05."),
        (Listener + "\"HandlerTimeout\": \"5 parsecs\"", "Sip:HandlerTimeout is \"5 parsecs\"; write a time from 0.1 s to 60 s"),
        (Listener + "\"HandlerTimeout\": \"infinite\"", "Sip:HandlerTimeout is \"infinite\"; write a time from 0.1 s to 60 s"),
        (Listener + "\"NonBlockingHandlerLimit\": \"1h\"",
            "Sip:NonBlockingHandlerLimit is \"1h\"; write a time from 1 ms to 10000 ms, for example 50ms or 00:00:00.050."),
        (Listener + "\"Registrar\": { \"DefaultExpires\": \"10s\" }",
            "Sip:Registrar:DefaultExpires is 10 s; write 30 s or more, what Registrar.MinExpires is."),
        (Listener + "\"Calls\": { \"RelayDigits\": \"Sometimes\" }",
            "Sip:Calls:RelayDigits is \"Sometimes\"; write WhenTwo, Always or Never."),
        (Listener + "\"Calls\": { \"MaxCalls\": 0 }", "Sip:Calls:MaxCalls is \"0\"; write a number from 1 to 1000000."),
        (Listener + "\"Limits\": { \"MaxMessageSize\": \"1 MiB\" }",
            "Sip:Limits:MaxMessageSize is \"1 MiB\"; write a number from 1024 to 65535"),
        (Listener + "\"Limits\": { \"MaxMessageSize\": \"64KB\" }",
            "Sip:Limits:MaxMessageSize is \"64KB\"; write a number from 1024 to 65535"),
        (Listener + "\"Timers\": { \"T1\": \"5s\", \"T2\": \"1s\" }", "Sip:Timers: T2 must lie between T1 and 2 min, but is 00:00:01."),
        (Listener + "\"Domain\": \"sip.example.com:5060\"",
            "Sip:Domain \"sip.example.com:5060\" is no host name; write for example sip.example.com, without a port."),
        (Listener + "\"LocalNetworks\": [ \"192.168.0.0\", \"192.168.0.0/33\" ]",
            "Sip:LocalNetworks:1 is \"192.168.0.0/33\"; write an address or a CIDR block, for example 192.0.2.7 or 192.0.2.0/24."),

        // Access.
        (Listener + "\"Access\": { \"Trust\": \"10.0.0.0/8,everyone\" }",
            "Sip:Access:Trust is \"10.0.0.0/8,everyone\"; write an address or a CIDR"),
        (Listener + "\"Access\": { \"Rules\": [ \"10.0.0.0/8\" ] }",
            "Sip:Access:Rules:0 can't be read: \"10.0.0.0/8\" is no rule; write Trust, Challenge or Refuse and a network"),
        (Listener + "\"Access\": { \"Rules\": [ { \"Network\": \"10.0.0.0/8\", \"Action\": \"Allow\" } ] }",
            "Sip:Access:Rules:0:Action is \"Allow\"; write Challenge, Trust or Refuse."),
        (Listener + "\"Access\": { \"Rules\": [ { \"Action\": \"Trust\" } ] }", "Sip:Access:Rules:0 can't work: Network is missing"),

        // Authentication.
        (Listener + "\"Authentication\": { \"Algorithms\": [ \"SHA-1\" ] }",
            "Sip:Authentication:Algorithms:0 is \"SHA-1\"; write Md5 or Sha256."),
        (Listener + "\"Authentication\": { \"Algorithms\": [ \"MD5\", \"Md5\" ] }", "Sip:Authentication:Algorithms names one twice"),
        (Listener + "\"Authentication\": { \"OpenNumberPrefixes\": [ \"\" ] }",
            "Sip:Authentication:OpenNumberPrefixes:0 is \"\"; write the beginning of a number."),

        // Trunks.
        (Listener + "\"Trunks\": [ { \"Server\": \"sip:192.0.2.1\" } ]", "Sip:Trunks:0 can't work: Name must be 1 to 64 characters"),
        (Listener + "\"Trunks\": { \"carrier\": { } }", "Sip:Trunks:carrier is "),
        (Listener + "\"Trunks\": { \"carrier\": { \"Register\": true } }", "Sip:Trunks:carrier can't work: "),
        (Listener + "\"Trunks\": { \"carrier\": { \"Server\": \"sip:192.0.2.1\", \"Register\": true } }",
            "Sip:Trunks:carrier can't work: User is needed to register"),
        (Listener + "\"Trunks\": { \"carrier\": \"sip:me:hunter2@192.0.2.1\" }", "Sip:Trunks:carrier can't work: "),
        (Listener + "\"Trunks\": { \"carrier\": { \"Server\": \"sip:192.0.2.1\", \"Credentials\": { \"Password\": [ \"hunter2\" ] } } }",
            "Sip:Trunks:carrier:Credentials:Password can't be used as it is (its value is not shown); write a text."),
        (Listener + "\"Trunks\": [ { \"Name\": \"a\", \"Server\": \"sip:192.0.2.1\" }, "
            + "{ \"Name\": \"a\", \"Server\": \"sip:192.0.2.2\" } ]",
            "Sip:Trunks:1: there is another trunk named \"a\"; give each its own name."),
        (Listener + "\"Trunks\": { \"carrier\": { \"Server\": \"sip:192.0.2.1\", \"Expires\": \"1s\" } }",
            "Sip:Trunks:carrier:Expires is \"1s\"; write a time from 30 s to 86400 s"),
        (Listener + "\"Trunks\": { \"carrier\": { \"Server\": \"sip:192.0.2.1;transport=tls\" } }",
            "Sip:Trunks:carrier: \"sip:192.0.2.1;transport=tls\" asks for TLS, which is not spoken here"),
    ];

    private static IEnumerable<TestCaseData> Wrong() =>
        Cases.Select((wrong, i) => new TestCaseData(wrong.Sip, wrong.Sentence).SetName($"Wrong_{i:00}_{wrong.Sentence.Split(' ')[0]}"));

    [TestCaseSource(nameof(Wrong))]
    public async Task WrongConfiguration_StopsTheStart_WithOneSentence(string sip, string sentence)
    {
        var problem = await ConfiguredHost.StartAsync(sip);

        Assert.That(problem, Is.TypeOf<SipStartException>());
        Assert.That(problem!.Message, Does.Contain(sentence).And.Not.Contain("hunter2").And.Not.Contain("\n"));
        Assert.That(problem.Message[^1], Is.AnyOf('.', '?'));
        Assert.That(problem.ToString(), Is.EqualTo("The SIP server can't start. " + problem.Message), "without a stack trace");
    }

    // Whatever stands where a setting is: what can't be used is said with its path, and nothing else comes out.
    [TestCase("nonsense")]
    [TestCase("")]
    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("99999999999999999999")]
    [TestCase("1e400d")]
    [TestCase("infinite")]
    [TestCase("tls:5061")]
    [TestCase("[::1")]
    [TestCase("10.0.0.0/99")]
    [TestCase("sip:a:b@c;x=\"")]
    [TestCase("\u0000\r\n")]
    public void EverySetting_WithAnyText_IsTakenOrRefusedByItsPath(string text)
    {
        foreach (var path in ServerSettings.Paths)
        {
            var key = $"Sip:{path}";
            var section = new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { [key] = text }).Build().GetSection("Sip");
            var options = new SipServerOptions();
            try
            {
                SettingsReader.Read(options, section);
                SipServerOptionsValidator.Validate(options, HookSource.FromInstances(new SipServerHandlers()));
            }
            catch (SipStartException problem)
            {
                Assert.That(problem.Message, Does.Not.Contain("\n").And.Not.Contain("\0"), key);
            }
            catch (Exception problem)
            {
                Assert.Fail($"{key} = \"{text}\": {problem}");
            }
        }
    }

    [Test]
    public void ThereAreFortyCases() => Assert.That(Cases, Has.Length.GreaterThanOrEqualTo(40));
}

using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RoomServer;

namespace Atm0s.Sip.Hooks.Http.Tests.Samples;

/// <summary>RoomServer takes its settings from files, the environment and switches, and none of them goes unheard.</summary>
public sealed class RoomServerSettingsTests
{
    private string _file = "";

    [SetUp]
    public void SetUp() => _file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.json");

    [TearDown]
    public void TearDown() => File.Delete(_file);

    [Test]
    public async Task FileSetsOptionsAndSwitches_AndTheCommandLineWins()
    {
        await File.WriteAllTextAsync(
            _file,
            """
            {
              "Sip": {
                "Listeners": [ "udp://127.0.0.1:5099", "tcp://127.0.0.1:5099" ],
                "Realm": "file.example.com",
                "Calls": { "MaxCalls": 77, "RingTimeout": "20s" },
                "Media": { "Codecs": [ "PCMA" ] },
                "Access": { "Trust": [ "10.0.0.0/8" ] },
                "Trunks": { "carrier": "sip:192.0.2.1" }
              },
              "RoomServer": { "DemoUsers": true, "open-rooms": "conf", "trust": [ "192.0.2.7" ], "codecs": [ "PCMU", "PCMA" ] },
              "Logging": { "LogLevel": { "Default": "Error" } }
            }
            """);
        var options = Read(["--config", _file, "--max-calls", "5", "--listen", "udp://127.0.0.1:0"]);
        Assert.Multiple(() =>
        {
            Assert.That(options.Listeners.Select(listener => listener.ToString()), Is.EqualTo(new[] { "udp://127.0.0.1:0" }));
            Assert.That(options.Realm, Is.EqualTo("file.example.com"));
            Assert.That((options.Calls.MaxCalls, options.Calls.RingTimeout), Is.EqualTo((5, TimeSpan.FromSeconds(20))));
            Assert.That(options.Media.Codecs, Is.EqualTo(new[] { "PCMU", "PCMA" }));
            Assert.That(options.Access.Rules.Select(rule => rule.Network), Is.EqualTo(new[] { "192.0.2.7", "10.0.0.0/8" }));
            Assert.That(options.Authentication.OpenNumberPrefixes, Is.EqualTo(new[] { "conf" }));
            Assert.That(options.Trunks.Single().Name, Is.EqualTo("carrier"));
        });
        var arguments = Arguments.Parse(["--config", _file], Settings.Load(["--config", _file]));
        Assert.That((arguments.DemoUsers, arguments.OpenRooms), Is.EqualTo((true, "conf")));
    }

    [Test]
    public void Environment_SetsBoth()
    {
        const string Name = "ATM0S_Sip__Calls__MaxCalls";
        const string Switch = "RoomServer__max_unverified_per_source";
        try
        {
            Environment.SetEnvironmentVariable(Name, "33");
            Environment.SetEnvironmentVariable(Switch, "9");
            var calls = Read([]).Calls;
            Assert.That((calls.MaxCalls, calls.MaxUnverifiedPerSource), Is.EqualTo((33, 9)));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, null);
            Environment.SetEnvironmentVariable(Switch, null);
        }
    }

    [Test]
    public void WithoutAnything_ItIsAsBefore()
    {
        var options = Read([]);
        Assert.That((options.Realm, options.Listeners.Single().ToString()), Is.EqualTo(("localhost", "udp://127.0.0.1:5060")));
    }

    [Test]
    public void EverySwitchOfTheHelpText_MayStandInAFile()
    {
        foreach (var line in Arguments.Usage.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("--", StringComparison.Ordinal)))
        {
            var name = line.Split(' ')[0];
            if (name is "--help" or "--config")
                continue;
            var hasValue = line[name.Length..].TrimStart() is [>= 'A' and <= 'Z' or '[', ..] && line[name.Length + 1] != ' ';
            var settings = new ConfigurationBuilder().AddInMemoryCollection(
                [KeyValuePair.Create($"RoomServer:{name[2..]}", (string?)(hasValue ? "x" : "true"))]).Build();
            // What is wrong with the value is said of the setting; what is unknown would be called no setting.
            try
            {
                Assert.That(Arguments.Parse([], settings).Given, Does.Contain(name));
            }
            catch (FormatException wrong)
            {
                Assert.That(wrong.Message, Does.Not.Contain("no setting").And.Contain(name[2..]), name);
            }
        }
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("--rtp-ports 50000-40000", "--rtp-ports wants two ports, the smaller one first, for example 40000-40999");
        yield return Case("--codecs PCMA,PCMA", "--codecs names PCMA twice");
        yield return Case("--codecs G729 --listen udp://127.0.0.1:0", "--codecs");
        yield return Case("--media-timeout 0.5 --listen udp://127.0.0.1:0", "--media-timeout is 0.5 s; write a time from 1 s to 3600 s");
        yield return Case("--max-calls 0 --listen udp://127.0.0.1:0", "--max-calls is 0; write a number from 1 to 1000000.");
        yield return Case("--listen 127.0.0.1:5060", "\"127.0.0.1:5060\" is no place to listen: write udp://ADDRESS:PORT");
        yield return Case("--listen udp://192.0.2.200:5060", "Can't listen at udp://192.0.2.200:5060");
        yield return Case("--trust everyone", "--trust: \"everyone\" is no network");
        yield return Case("--lissten udp://127.0.0.1:0", "did you mean --listen?");
        yield return Case("--config /nowhere/x.json", "--config: there is no file /nowhere/x.json.");
        yield return Case("--config {file}", "can't be read", "{ \"Sip\": ");
        yield return Case("--config {file}", "Sipp is no section of RoomServer", "{ \"Sipp\": { } , \"Sipp:Realm\": \"x\" }");
        yield return Case("--config {file}", "RoomServer:opn-rooms is no setting; did you mean RoomServer:open-rooms?",
            "{ \"RoomServer\": { \"opn-rooms\": \"x\" } }");
        yield return Case("--config {file}", "RoomServer:max-calls wants a number", "{ \"RoomServer\": { \"max-calls\": \"many\" } }");
        yield return Case("--config {file}", "Sip:Media:Codec is no setting; did you mean Sip:Media:Codecs?",
            "{ \"Sip\": { \"Media\": { \"Codec\": [ \"PCMA\" ] } } }");
        yield return Case("--config {file} --listen udp://127.0.0.1:0", "Sip:Calls:MaxCalls is \"0\"; write a number from 1 to 1000000.",
            "{ \"Sip\": { \"Calls\": { \"MaxCalls\": 0 } } }");
    }

    [TestCaseSource(nameof(Wrong))]
    public async Task WrongSetting_IsOneLineAndAnExitCode(string line, string sentence, string? json)
    {
        if (json is not null)
            await File.WriteAllTextAsync(_file, json);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(Arguments).Assembly.Location);
        foreach (var word in line.Split(' '))
            start.ArgumentList.Add(word.Replace("{file}", _file, StringComparison.Ordinal));
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);

        Assert.That((await error).TrimEnd(), Does.Contain(sentence).And.Not.Contain("\n").And.Not.Contain("   at "));
        Assert.That(process.ExitCode, Is.AnyOf(1, 2));
    }

    private static TestCaseData Case(string line, string sentence, string? json = null) =>
        new TestCaseData(line, sentence, json).SetName($"WrongSetting_{line.Replace(' ', '_')}_{sentence.Split(' ')[0]}");

    private static SipServerOptions Read(string[] args)
    {
        var settings = Settings.Load(args);
        using var host = RoomServerHost.Create(Arguments.Parse(args, settings), TextWriter.Null, settings: settings);
        return host.Services.GetRequiredService<IOptions<SipServerOptions>>().Value;
    }
}

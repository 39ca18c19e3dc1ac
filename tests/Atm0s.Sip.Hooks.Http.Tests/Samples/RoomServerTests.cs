using Atm0s.Sip.Control;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RoomServer;

namespace Atm0s.Sip.Hooks.Http.Tests.Samples;

/// <summary>The command line of RoomServer: what it opens, and what its switches set.</summary>
public sealed class RoomServerTests
{
    [TestCase("http://127.0.0.1:8002")]
    [TestCase("http://127.8.8.8:8002")]
    [TestCase("http://localhost:8002")]
    [TestCase("http://LocalHost:8002")]
    [TestCase("http://[::1]:8002")]
    public void ControlApiOfThisMachine_NeedsNoKey(string url) =>
        Assert.That(Arguments.Parse(["--http", url]).HttpIsLocal, Is.True);

    [TestCase("http://0.0.0.0:8002", "--api-key")]
    [TestCase("http://[::]:8002", "--api-key")]
    [TestCase("http://192.0.2.7:8002", "--api-key")]
    [TestCase("http://loopback:8002", "IP address or localhost")]
    [TestCase("http://127.0.0.1.:8002", "IP address or localhost")]
    [TestCase("http://rooms.example.com:8002", "IP address or localhost")]
    [TestCase("http://*:8002", "wants an address")]
    [TestCase("127.0.0.1:8002", "wants an address")]
    public void ControlApiOfOthers_IsRefusedWithoutAKey(string url, string says) =>
        Assert.That(() => Arguments.Parse(["--http", url]), Throws.TypeOf<FormatException>().With.Message.Contains(says));

    [Test]
    public void Switches_SetTheOptions()
    {
        using var host = RoomServerHost.Create(
            Arguments.Parse(
            [
                "--hooks", "http://hooks:3000/hooks", "--hook-timeout", "7.5", "--hook-refreshes", "off", "--hook-plain-http",
                "--hook-network", "172.16.0.0/12", "--hook-header", "Authorization=Bearer a=b", "--hook-fallback", "480", "--hook-details",
                "--alone-timeout", "20", "--wait-timeout", "30", "--max-calls", "500", "--max-unverified-per-source", "40",
                "--max-unconfirmed-per-source", "20", "--ring", "183",
            ]),
            TextWriter.Null);
        var hooks = host.Services.GetRequiredService<IOptions<HttpHookOptions>>().Value;
        Assert.That(hooks.InviteTimeout, Is.EqualTo(TimeSpan.FromSeconds(7.5)));
        Assert.That(hooks.TellRefreshes, Is.False);
        Assert.That(hooks.Headers["authorization"], Is.EqualTo("Bearer a=b"));
        Assert.That(hooks.InviteFallbackStatus, Is.EqualTo(480));
        Assert.That((hooks.Url, hooks.AllowPlainHttp, hooks.InviteDetails), Is.EqualTo(("http://hooks:3000/hooks", true, true)));
        Assert.That(hooks.AllowedNetworks, Is.EqualTo(new[] { "172.16.0.0/12" }));
        var calls = host.Services.GetRequiredService<IOptions<SipServerOptions>>().Value.Calls;
        Assert.That((hooks.EarlyMedia, calls.EarlyMedia), Is.EqualTo((true, true)));
        Assert.That(calls.AloneTimeout, Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(calls.WaitForOthersTimeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That((calls.MaxCalls, calls.MaxUnverifiedPerSource, calls.MaxUnconfirmedPerSource), Is.EqualTo((500, 40, 20)));
    }

    [TestCase("0", 94)]
    [TestCase("10", 104)]
    public void Host_IsMorePatientThanTheServer(string drain, int seconds)
    {
        var settings = new ConfigurationManager();
        settings.AddInMemoryCollection([KeyValuePair.Create("Sip:StopTimeout", (string?)"32s")]);
        using var host = RoomServerHost.Create(Arguments.Parse(["--drain", drain], settings), TextWriter.Null, settings: settings);
        Assert.That(
            host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test]
    public void Folders_OfSoundsAndRecordings_AreThoseOfTheControlApi()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            string[] http = ["--http", "http://127.0.0.1:8002"];
            var recordings = Path.Combine(folder.FullName, "made");
            using var host = RoomServerHost.Create(
                Arguments.Parse([.. http, "--sounds", folder.FullName, "--recordings", recordings]), TextWriter.Null);
            var control = host.Services.GetRequiredService<IOptions<SipControlOptions>>().Value;
            Assert.That((control.SoundFolder, control.RecordingFolder), Is.EqualTo((folder.FullName, recordings)));
            Assert.That(Directory.Exists(recordings), Is.True);
            Assert.That(() => Arguments.Parse(["--sounds", folder.FullName]), Throws.TypeOf<FormatException>().With.Message.Contains("--http"));
            using var other = RoomServerHost.Create(
                Arguments.Parse([.. http, "--sounds", Path.Combine(folder.FullName, "none")]), TextWriter.Null);
            Assert.That(
                () => other.Services.GetRequiredService<IOptions<SipControlOptions>>().Value,
                Throws.TypeOf<OptionsValidationException>().With.Message.Contains("no folder"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestCase(new string[0], true)]
    [TestCase(new[] { "--hook-refreshes" }, true)]
    [TestCase(new[] { "--hook-refreshes", "on", "--demo-users" }, true)]
    [TestCase(new[] { "--hook-refreshes", "--demo-users" }, true)]
    [TestCase(new[] { "--hook-refreshes", "off" }, false)]
    public void Refreshes_AreToldUnlessSwitchedOff(string[] args, bool told) =>
        Assert.That(Arguments.Parse(args).HookRefreshes, Is.EqualTo(told));

    [Test]
    public void ServerWaitsLongerThanTheHooks()
    {
        using var host = RoomServerHost.Create(
            Arguments.Parse(["--hooks", "http://127.0.0.1:3000/hooks", "--hook-timeout", "40"]), TextWriter.Null);
        var server = host.Services.GetRequiredService<IOptions<SipServerOptions>>().Value;
        Assert.That(server.HandlerTimeout, Is.EqualTo(TimeSpan.FromSeconds(41)));
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Atm0s.Sip.Doctor.Tool;

namespace Atm0s.Sip.Doctor.Tests;

/// <summary>The tool: its command line, its table, and the whole of it as a process.</summary>
public sealed class ToolTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Test]
    public void CommandLine_ChangesTheSettings()
    {
        var server = new SipServerOptions().ListenUdp();
        DoctorArguments.Parse([
            "--listen", "tcp://127.0.0.1:5070", "--rtp-ports", "30000-30999", "--advertise", "203.0.113.7", "--trunk",
            "sip:pbx.example.com", "--max-calls", "77", "--no-call"]).Apply(server);

        Assert.That(server.Listeners.Select(listener => listener.ToString()), Is.EqualTo(new[] { "tcp://127.0.0.1:5070" }));
        Assert.That((server.Media.FirstPort, server.Media.LastPort, server.Calls.MaxCalls), Is.EqualTo((30_000, 30_999, 77)));
        Assert.That(
            (server.Media.AdvertisedAddress, server.Listeners[0].AdvertisedHost), Is.EqualTo((IPAddress.Parse("203.0.113.7"), "203.0.113.7")));
        Assert.That(server.Trunks.Single().Name, Is.EqualTo("pbx.example.com"));
    }

    [TestCase("--listen")]
    [TestCase("--listen", "sip.example.com")]
    [TestCase("--rtp-ports", "x-y")]
    [TestCase("--advertise", "me")]
    [TestCase("--trunk", "pbx")]
    [TestCase("--max-calls", "0")]
    [TestCase("--what")]
    public void WrongCommandLine_SaysWhatToWrite(params string[] args) =>
        Assert.That(() => DoctorArguments.Parse(args), Throws.InstanceOf<FormatException>().With.Message.Length.GreaterThan(20));

    [Test]
    public void Table_IsAligned_AndColouredOnlyForPeople()
    {
        var report = new DoctorReport(default, default, [
            DoctorFinding.Ok("opus", "libopus 1.3"),
            DoctorFinding.Failed("listeners", "a long sentence that does not fit into one line of this width \u001b[2J", "Do this.")]);
        var (plain, coloured) = (new StringWriter(), new StringWriter());
        new FindingTable(plain, 60, isColoured: false).Write(report);
        new FindingTable(coloured, 60, isColoured: true).Write(report);

        var lines = plain.ToString().Split('\n');
        Assert.That(lines[0], Is.EqualTo("opus       ok       libopus 1.3"));
        Assert.That(lines[1], Is.EqualTo("listeners  failed   a long sentence that does not fit into"));
        Assert.That(lines[2], Does.StartWith(new string(' ', 20) + "one line"));
        Assert.That(lines, Has.Some.EqualTo(new string(' ', 20) + "> Do this."));
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(60));
        Assert.That(plain.ToString(), Does.Not.Contain("\u001b").And.Contain("1 ok, 0 warnings, 1 failed"));
        Assert.That(coloured.ToString(), Does.Contain("\u001b[31mfailed\u001b[0m").And.Not.Contain("\u001b[2J"));
    }

    [Test]
    public async Task Process_ReadsSettings_AndSaysWhatIsWrong()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.Client.LocalEndPoint!).Port;
        var folder = Directory.CreateTempSubdirectory("sip-doctor-").FullName;
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, "appsettings.json"),
                $$"""{ "Sip": { "Listeners": [ "udp://127.0.0.1:{{port}}" ], "Media": { "FirstPort": 37000, "LastPort": 37999 } } }""");
            var (code, output, errors) = await RunAsync(folder, "--no-call", "--json");
            Assert.That(code, Is.EqualTo(2), output + errors);
            using var report = JsonDocument.Parse(output);
            var listeners = report.RootElement.GetProperty("findings").EnumerateArray()
                .Single(finding => finding.GetProperty("check").GetString() == "listeners");
            Assert.That(listeners.GetProperty("verdict").GetString(), Is.EqualTo("Failed"));
            Assert.That(listeners.GetProperty("text").GetString(), Is.EqualTo($"udp://127.0.0.1:{port} is in use"));

            // What is right is a warning at worst here: the loopback is for this machine alone.
            (code, output, errors) = await RunAsync(
                folder, "--no-call", "--no-timer", "--listen", "udp://127.0.0.1:0", "--max-calls", "5");
            Assert.That(code, Is.EqualTo(1), output + errors);
            Assert.That(output, Does.Match("(?m)^listeners +ok +udp://127.0.0.1:0 can be opened$").And.Not.Contain("\u001b"));

            await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), """{ "Sip": { "Listenerz": [] } }""");
            (code, output, _) = await RunAsync(folder, "--no-call");
            Assert.That(code, Is.EqualTo(2));
            Assert.That(output, Does.Contain("settings").And.Contain("Listenerz"));

            await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), "{");
            (code, _, errors) = await RunAsync(folder);
            Assert.That(code, Is.EqualTo(2));
            Assert.That(errors.Trim().Split('\n'), Has.Length.EqualTo(1), "one sentence, no stack trace");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string folder, params string[] args)
    {
        var tool = typeof(DoctorArguments).Assembly.Location;
        var info = new ProcessStartInfo("dotnet", [tool, .. args])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        using var limit = new CancellationTokenSource(Limit);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await errors);
    }
}

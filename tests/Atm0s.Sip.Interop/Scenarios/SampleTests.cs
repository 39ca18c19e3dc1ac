using System.Globalization;
using System.Net;
using System.Reflection;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>The samples do what they say, run as they are.</summary>
public sealed class SampleTests : InteropTest
{
    [Test]
    public async Task OwnRooms_says_back_what_it_heard_a_second_ago()
    {
        var port = FreePorts.Take(2);
        var rooms = Run("OwnRooms", port.ToString(CultureInfo.InvariantCulture));
        await StartedAsync(rooms);
        var alice = await BaresipAsync(new PhoneOptions("alice", new IPEndPoint(IPAddress.Loopback, port), 440) { Register = false });
        await alice.DialAsync("anything");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await Recording.LastsAsync(5);
        await alice.HangUpAsync();
        await rooms.Output.WaitAsync(line => line.EndsWith("has left", StringComparison.Ordinal), "has left", Soon);
        Hearing.AssertTone(alice.Heard(), 440, 20, "alice");
        Assert.That(rooms.Output.Lines.First(line => line.Contains("comes to", StringComparison.Ordinal)), Does.StartWith("alice comes to anything as "));
    }

    [Test]
    public async Task Trunk_registers_and_bridges_a_call_of_the_carrier()
    {
        var (registrar, own) = (FreePorts.Take(2), FreePorts.Take(2));
        var carrier = Sipp.Start("carrier", registrar, [], "-sf", Sipp.Scenario("registrar-auth"), "-m", "1");
        Keep(carrier, carrier.Process.Output, carrier.Process.Errors);
        var trunk = Run("Trunk", $"sip:127.0.0.1:{registrar}", "1001", "s3cret", $"udp://127.0.0.1:{own}");
        await trunk.Output.WaitAsync(line => line.Contains("State = Registered", StringComparison.Ordinal), "registered", Soon);

        // The lobby: the carrier's address is known, so its call needs no password.
        var call = Sipp.Start("call", FreePorts.Take(2), [], $"127.0.0.1:{own}", "-sn", "uac", "-s", "4711", "-m", "1", "-d", "500");
        Keep(call, call.Process.Output, call.Process.Errors);
        await call.SucceedsAsync(TimeSpan.FromSeconds(15));
        await trunk.Output.WaitAsync(line => line.StartsWith("call Ended", StringComparison.Ordinal), "call Ended", Soon);
        trunk.Interrupt();
        await carrier.SucceedsAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task QuickStart_starts()
    {
        var quickStart = Run("QuickStart");
        await StartedAsync(quickStart);
        quickStart.Interrupt();
        Assert.That(await quickStart.WaitForExitAsync(TimeSpan.FromSeconds(10)), Is.Zero);
    }

    private static Task<string> StartedAsync(ChildProcess sample) =>
        sample.Output.WaitAsync(line => line.Contains("Application started", StringComparison.Ordinal), "started", TimeSpan.FromSeconds(15));

    private ChildProcess Run(string name, params string[] arguments)
    {
        var folder = typeof(SampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "Samples").Value!;
        var dll = Directory.GetFiles(Path.Combine(folder, name, "bin", Configuration), $"{name}.dll", SearchOption.AllDirectories).Single(path => !path.Contains("/ref/", StringComparison.Ordinal));
        var process = ChildProcess.Start(name, "dotnet", [dll, .. arguments]);
        return Keep(process, process.Output, process.Errors);
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}

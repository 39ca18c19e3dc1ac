using System.Globalization;
using System.Net;
using System.Net.WebSockets;
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
        await Hearing.ToneAsync(alice, 440, 20);
        await alice.HangUpAsync();
        await rooms.Output.WaitAsync(line => line.EndsWith("has left", StringComparison.Ordinal), "has left", Soon);
        Assert.That(rooms.Output.Lines.First(line => line.Contains("comes to", StringComparison.Ordinal)),
            Does.StartWith("alice comes to anything as "));
    }

    [Test]
    public async Task SfuRooms_forwards_between_phones_and_a_page()
    {
        var (sip, web) = (FreePorts.Take(2), FreePorts.Take(2));
        var rooms = Run("SfuRooms", Text(sip), Text(web));
        await StartedAsync(rooms);
        using (var other = new ClientWebSocket())
        {
            other.Options.SetRequestHeader("Origin", "https://other.example");
            Assert.That(
                async () => await other.ConnectAsync(new Uri($"ws://127.0.0.1:{web}/rooms/hall?name=spy"), CancellationToken.None),
                Throws.TypeOf<WebSocketException>(),
                "a page of another site");
        }

        await using var page = await WebSpeaker.StartAsync(new Uri($"ws://127.0.0.1:{web}/rooms/hall?name=page"), 1320);
        var phones = await CallAsync(sip, ("alice", "PCMA", 440), ("bob", "opus", 880));
        await Hearing.SumAsync(phones[0], [880, 1320], 440, 15);
        await Hearing.SumAsync(phones[1], [440, 1320], 880, 15);
        await page.UntilItHearsAsync([440, 880], 1320);
    }

    [Test]
    public async Task VirtualMixing_gives_the_loudest_in_three_slots()
    {
        var port = FreePorts.Take(2);
        var rooms = Run("VirtualMixing", Text(port));
        await StartedAsync(rooms);
        var phones = await CallAsync(port, ("alice", "PCMA", 440), ("bob", "opus", 880));
        await Hearing.ToneAsync(phones[0], 880, 15);
        await Hearing.ToneAsync(phones[1], 440, 15);
        foreach (var slot in new[] { "slot 0: ", "slot 1: " })
            await rooms.Output.WaitAsync(line => line.StartsWith(slot, StringComparison.Ordinal), slot, Soon);
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
        await call.SucceedsAsync(TimeSpan.FromSeconds(60));
        await trunk.Output.WaitAsync(line => line.StartsWith("call Ended", StringComparison.Ordinal), "call Ended", Soon);
        trunk.Terminate();
        await carrier.SucceedsAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task QuickStart_starts()
    {
        var quickStart = Run("QuickStart");
        await StartedAsync(quickStart);
        quickStart.Terminate();
        Assert.That(await quickStart.WaitForExitAsync(TimeSpan.FromSeconds(30)), Is.Zero);
    }

    // "nohup ./server &" starts it so: a shell without job control lets children in the background ignore SIGINT.
    [Test]
    public async Task RoomServer_in_the_background_stops_when_it_is_told_to()
    {
        string[] arguments = ["--listen", "udp://127.0.0.1:0", "--demo-users", "--open-rooms", "open-"];
        var server = ChildProcess.Start(
            "RoomServer", "sh", ["-c", "trap '' INT; exec dotnet \"$@\"", "sh", DllOf("RoomServer"), .. arguments]);
        Keep(server, server.Output, server.Errors);
        await server.Output.WaitAsync(line => ServerLine.Parse(line)?.Kind == "ready", "ready", TimeSpan.FromSeconds(60));
        server.Terminate();
        Assert.That(await server.WaitForExitAsync(TimeSpan.FromSeconds(30)), Is.Zero, "exit code");
        Assert.That(server.Output.Lines[^1], Is.EqualTo("stopped"));
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private async Task<List<Baresip>> CallAsync(int port, params (string User, string Codec, double Tone)[] users)
    {
        var phones = new List<Baresip>();
        foreach (var (user, codec, tone) in users)
        {
            var options = new PhoneOptions(user, new IPEndPoint(IPAddress.Loopback, port), tone) { Codec = codec, Register = false };
            phones.Add(await BaresipAsync(options));
        }

        foreach (var phone in phones)
        {
            await phone.DialAsync("hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        return phones;
    }

    private static Task<string> StartedAsync(ChildProcess sample) =>
        sample.Output.WaitAsync(
            line => line.Contains("Application started", StringComparison.Ordinal), "started", TimeSpan.FromSeconds(60));

    private static string DllOf(string name)
    {
        var folder = typeof(SampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "Samples")
            .Value!;
        var framework = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.Combine(folder, name, "bin", Configuration, framework, $"{name}.dll");
    }

    private ChildProcess Run(string name, params string[] arguments)
    {
        var process = ChildProcess.Start(name, "dotnet", [DllOf(name), .. arguments]);
        return Keep(process, process.Output, process.Errors);
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}

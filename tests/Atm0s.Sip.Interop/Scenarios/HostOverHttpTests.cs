using System.Globalization;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>
/// The host in a process of its own, which decides over HTTP and commands through the control API, with real phones and PBXs.
/// </summary>
public sealed class HostOverHttpTests : InteropTest
{
    private const string Key = "0123456789abcdef-interop";

    private RoomServerProcess _server = null!;
    private HooksServerProcess _hooks = null!;
#pragma warning disable NUnit1032 // Disposed of with the other parties.
    private ControlApi _control = null!;
#pragma warning restore NUnit1032

    [Test]
    public async Task A_phone_registers_and_unregisters()
    {
        await StartAsync();
        var bob = await BaresipAsync(User("bob", 880));
        await _hooks.WaitAsync("auth bob");
        var told = (await _hooks.WaitAsync("register bob")).Split(' ')[2];
        var registrations = await _control.WaitAsync("/sip/registrations", all => all.GetArrayLength() == 1);
        Assert.That(registrations[0].GetProperty("session_id").GetString(), Is.EqualTo(told));
        bob.Leave();
        Assert.That(await _hooks.WaitAsync("unregister bob"), Does.EndWith(told));
    }

    [Test]
    public async Task A_wrong_password_registers_nobody()
    {
        await StartAsync();
        var bob = await BaresipAsync(User("bob", 880) with { Password = "guess" }, expectRegistered: false);
        await bob.WaitAsync("REGISTER_FAIL");
        await _hooks.WaitAsync("auth bob");
        Assert.That(_hooks.Process.Output.Lines, Has.None.StartWith("register"));
    }

    [Test]
    public async Task A_call_rings_through_the_hook_server_and_both_hear_each_other()
    {
        await StartAsync();
        var bob = await BaresipAsync(User("bob", 880) with { Codec = "opus" });
        var alice = await BaresipAsync(User("alice", 440));
        await _hooks.WaitAsync("register bob");
        await alice.DialAsync("bob");
        await _hooks.WaitAsync("invite alice -> bob");
        await alice.WaitAsync("CALL_RINGING");
        await bob.WaitAsync("CALL_INCOMING");
        var room = (
            await _control.WaitAsync("/sip/rooms", all => all.GetArrayLength() == 1 && all[0].GetProperty("members").GetInt32() == 2))[0];
        Assert.That(room.GetProperty("connected").GetInt32(), Is.Zero, "one waits and one is connecting");
        await bob.AcceptAsync();
        await alice.WaitAsync("CALL_ESTABLISHED");
        await Hearing.ToneAsync(alice, 880, 20);
        await Hearing.ToneAsync(bob, 440, 20);
        await alice.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
        await _hooks.WaitAsync("call ended");
    }

    [Test]
    public async Task A_busy_callee_is_busy_for_the_caller()
    {
        await StartAsync();
        var bob = await BaresipAsync(User("bob", 880));
        var alice = await BaresipAsync(User("alice", 440));
        await _hooks.WaitAsync("register bob");
        await alice.DialAsync("bob");
        await bob.WaitAsync("CALL_INCOMING");
        await bob.HangUpAsync();
        Assert.That(await alice.WaitAsync("CALL_CLOSED"), Does.Contain("486"));
    }

    [Test]
    public async Task A_number_that_nobody_has_is_busy_as_the_original_says()
    {
        await StartAsync();
        var alice = await BaresipAsync(User("alice", 440));
        await alice.DialAsync("nobody");
        Assert.That(await alice.WaitAsync("CALL_CLOSED"), Does.Contain("486"));
    }

    [Test]
    public async Task A_caller_who_gives_up_stops_the_ringing()
    {
        await StartAsync();
        var bob = await BaresipAsync(User("bob", 880));
        var alice = await BaresipAsync(User("alice", 440));
        await _hooks.WaitAsync("register bob");
        await alice.DialAsync("bob");
        await bob.WaitAsync("CALL_INCOMING");
        await alice.WaitAsync("CALL_RINGING");
        await alice.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
        await _control.WaitAsync("/sip/calls", all => all.GetArrayLength() == 0);
    }

    [Test]
    public async Task Invite_client_rings_a_phone_into_a_room_and_hang_up_ends_it()
    {
        await StartAsync();
        var bob = await BaresipAsync(User("bob", 880) with { AutoAnswer = true });
        var session = (await _hooks.WaitAsync("register bob")).Split(' ')[2];
        var (status, body) = await _control.SendAsync(
            HttpMethod.Post, "/sip/invite/client", new { room_id = "r1", dest_session_id = session, from_number = "1001" });
        Assert.That((status, body.GetProperty("status").GetBoolean()), Is.EqualTo((200, true)));
        var id = body.GetProperty("data").GetProperty("session_id").GetString();
        await bob.WaitAsync("CALL_ESTABLISHED");
        await _control.WaitAsync($"/sip/calls/{id}", call => call.GetProperty("state").GetString() == "answered");
        Assert.That((await _control.SendAsync(HttpMethod.Delete, $"/sip/calls/{id}")).Status, Is.EqualTo(200));
        await bob.WaitAsync("CALL_CLOSED");
        Assert.That((await _control.SendAsync(HttpMethod.Delete, $"/sip/calls/{id}")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Muted_by_the_host_the_caller_is_not_heard()
    {
        await StartAsync();
        var bob = await BaresipAsync(User("bob", 880) with { AutoAnswer = true });
        var alice = await BaresipAsync(User("alice", 440));
        await _hooks.WaitAsync("register bob");
        await alice.DialAsync("bob");
        await alice.WaitAsync("CALL_ESTABLISHED");
        var calls = await _control.WaitAsync("/sip/calls", all => all.GetArrayLength() == 2
            && all.EnumerateArray().All(c => c.GetProperty("state").GetString() == "answered"));
        await Hearing.ToneAsync(bob, 440, 30);
        var incoming = calls.EnumerateArray().Single(c => c.GetProperty("direction").GetString() == "incoming").GetProperty("id")
            .GetString();
        Assert.That(
            (await _control.SendAsync(HttpMethod.Post, $"/sip/calls/{incoming}/mute", new { muted = true })).Status, Is.EqualTo(200));
        await Hearing.NoneAsync(bob, 440);
        await Hearing.ToneAsync(alice, 880, 30);
        await alice.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
    }

    [Test]
    public async Task Invite_server_without_authentication()
    {
        await StartAsync();
        var (pbx, address) = Pbx("-sn", "uas", "-m", "1");
        var id = await InviteServerAsync(new { room_id = "r1", dest_addr = address, from_number = "1001", to_number = "2002" });
        await _control.WaitAsync($"/sip/calls/{id}", call => call.GetProperty("state").GetString() == "answered");
        await _control.SendAsync(HttpMethod.Delete, $"/sip/calls/{id}");
        await pbx.SucceedsAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task Invite_server_answers_its_challenge()
    {
        await StartAsync();
        var (pbx, address) = Pbx("-sf", Sipp.Scenario("uas-auth"), "-m", "1");
        var id = await InviteServerAsync(new
        {
            room_id = "r1", dest_addr = address, dest_auth = new { username = "1001", password = "s3cret" }, from_number = "1001",
                to_number = "2002", server_alias = "pbx", hook_uri = "",
        });
        await _control.WaitAsync($"/sip/calls/{id}", call => call.GetProperty("state").GetString() == "answered");
        await _control.SendAsync(HttpMethod.Delete, $"/sip/calls/{id}");
        await pbx.SucceedsAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task Invite_server_with_a_wrong_password_ends_the_call()
    {
        await StartAsync();
        var (_, address) = Pbx("-sf", Sipp.Scenario("uas-auth"), "-m", "1");
        await InviteServerAsync(
            new { room_id = "r1", dest_addr = address, dest_auth = new { username = "1001", password = "wrong" }, from_number = "1001",
            to_number = "2002" });
        Assert.That(await _hooks.WaitAsync("call ended"), Does.EndWith("declined").Or.EndsWith("unauthorized"));
    }

    [Test]
    public async Task A_trunk_registers_with_its_challenge_and_unregisters()
    {
        var port = FreePorts.Take(2);
        var carrier = Sipp.Start("carrier", port, [], "-sf", Sipp.Scenario("registrar-auth"), "-m", "1");
        Keep(carrier, carrier.Process.Output, carrier.Process.Errors);
        await StartAsync("--trunk", string.Create(CultureInfo.InvariantCulture, $"carrier=sip:1001:s3cret@127.0.0.1:{port}"));
        var trunks = await _control.WaitAsync("/sip/trunks", all => all[0].GetProperty("state").GetString() == "registered");
        Assert.That(trunks[0].GetProperty("expires").GetInt32(), Is.EqualTo(3600));
        Assert.That((await _control.SendAsync(HttpMethod.Delete, "/sip/trunks/carrier")).Status, Is.EqualTo(204));
        await carrier.SucceedsAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_pbx_registers_and_calls_because_of_its_address()
    {
        await StartAsync("--trust", "127.0.0.1");
        var register = Sipp.Start(
            "register", FreePorts.Take(2), ["pbx1"], $"127.0.0.1:{_server.Udp.Port}", "-sf", Sipp.Scenario("register-plain"), "-m", "1");
        Keep(register, register.Process.Output, register.Process.Errors);
        await register.SucceedsAsync(TimeSpan.FromSeconds(30));
        await _hooks.WaitAsync("register pbx1");
        Assert.That(_hooks.Process.Output.Lines, Has.None.StartWith("auth"), "no password was asked for");

        await BaresipAsync(User("bob", 880) with { AutoAnswer = true });
        await _hooks.WaitAsync("register bob");
        var call = Sipp.Start(
            "call", FreePorts.Take(2), [], $"127.0.0.1:{_server.Udp.Port}", "-sn", "uac", "-s", "bob", "-m", "1", "-d", "1000");
        Keep(call, call.Process.Output, call.Process.Errors);
        await call.SucceedsAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_pbx_that_an_ip_rule_refuses_neither_registers_nor_calls()
    {
        await StartAsync("--refuse", "127.0.0.0/8");
        var bob = await BaresipAsync(User("bob", 880), expectRegistered: false);
        Assert.That(await bob.WaitAsync("REGISTER_FAIL"), Does.Contain("403"));
        Assert.That(_hooks.Process.Output.Lines, Has.None.StartWith("auth"));
    }

    [Test]
    public async Task A_dead_hook_server_refuses_calls_and_leaves_those_in_progress_alone()
    {
        await StartAsync();
        var bob = await BaresipAsync(User("bob", 880) with { AutoAnswer = true });
        var alice = await BaresipAsync(User("alice", 440));
        var carol = await BaresipAsync(User("carol", 1100));
        await _hooks.WaitAsync("register bob");
        await alice.DialAsync("bob");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await _hooks.Process.KillAsync();
        var killed = bob.Recorded().Duration;
        await carol.DialAsync("bob");
        Assert.That(await carol.WaitAsync("CALL_CLOSED", Soon), Does.Contain("50").Or.Contain("486"));
        await Hearing.ToneAsync(bob, 440, 30, killed);
        await alice.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
    }

    private static PhoneOptions User(string name, double hz, RoomServerProcess server) => new(name, server.Udp, hz) { Password = name };

    private PhoneOptions User(string name, double hz) => User(name, hz, _server);

    private async Task StartAsync(params string[] options)
    {
        var url = $"http://127.0.0.1:{FreePorts.Take()}";
        _hooks = await HooksServerProcess.StartAsync(url, Key);
        Keep(_hooks, _hooks.Process.Output, _hooks.Process.Errors);
        _server = await ServerAsync(["--hooks", _hooks.Url, "--hook-events", "--http", url, "--api-key", Key, .. options]);
        _control = Keep(new ControlApi(url, Key));
    }

    private (Sipp Pbx, string Address) Pbx(params string[] arguments)
    {
        var port = FreePorts.Take(2);
        var pbx = Sipp.Start("pbx", port, [], [.. arguments, .. Sipp.TakesRepetitions]);
        Keep(pbx, pbx.Process.Output, pbx.Process.Errors);
        return (pbx, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));
    }

    private async Task<string> InviteServerAsync(object request)
    {
        var (status, body) = await _control.SendAsync(HttpMethod.Post, "/sip/invite/server", request);
        Assert.That(status, Is.EqualTo(200), body.ToString());
        return body.GetProperty("data").GetProperty("session_id").GetString()!;
    }
}

using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>Calls that don't come to be, and how calls end.</summary>
public sealed class SignallingTests : InteropTest
{
    [Test]
    public async Task A_wrong_password_registers_nobody()
    {
        var server = await ServerAsync();
        var mallory = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Password = "wrong" }, expectRegistered: false);
        Assert.That(await mallory.WaitAsync("REGISTER_FAIL"), Does.Contain("403"));
        Assert.That(server.Events.Select(line => line.Kind), Does.Not.Contain("registered"));
    }

    [TestCase("SHA-256"), TestCase("SHA-256,MD5")]
    public async Task A_phone_that_knows_it_registers_with(string algorithms)
    {
        var server = await ServerAsync("--digest", algorithms);
        await LinphoneAsync(new PhoneOptions("1006", server.Udp, 1100), server);
    }

    [Test]
    public async Task A_wrong_password_calls_nobody()
    {
        var server = await ServerAsync();
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880));
        var mallory = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Password = "wrong", Register = false });
        await mallory.DialAsync("bob");
        Assert.That(await mallory.WaitAsync("CALL_CLOSED"), Does.Contain("403"));
        Assert.That(bob.Events.Lines, Has.None.StartsWith("CALL_INCOMING"));
    }

    [Test]
    public async Task An_unknown_number_is_not_found()
    {
        var server = await ServerAsync();
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440));
        await alice.DialAsync("nobody");
        Assert.That(await alice.WaitAsync("CALL_CLOSED"), Does.Contain("404"));
    }

    [TestCase("udp"), TestCase("tcp")]
    public async Task A_caller_who_gives_up_stops_the_ringing(string transport)
    {
        var (server, alice, bob) = await PairAsync(transport);
        await RingAsync(alice, bob);
        await alice.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
        await server.WaitAsync("ended", Soon, "direction=in", "cause=cancelled");
        await server.WaitAsync("ended", Soon, "direction=out");
    }

    [Test]
    public async Task A_busy_callee_is_busy_for_the_caller()
    {
        var (server, alice, bob) = await PairAsync();
        await RingAsync(alice, bob);
        await bob.HangUpAsync(); // ringing: 486
        Assert.That(await alice.WaitAsync("CALL_CLOSED"), Does.Contain("486"));
        await server.WaitAsync("ended", Soon, "direction=out", "cause=busy");
        await server.WaitAsync("ended", Soon, "direction=in");
    }

    [Test]
    public async Task Nobody_answers()
    {
        var (server, alice, bob) = await PairAsync("udp", "--ring-timeout", "3");
        await RingAsync(alice, bob);
        await bob.WaitAsync("CALL_CLOSED");
        Assert.That(await alice.WaitAsync("CALL_CLOSED"), Does.Match("408|480"));
        await server.WaitAsync("ended", Soon, "direction=out", "cause=no-answer");
        await server.WaitAsync("ended", Soon, "direction=in");
    }

    [TestCase(true), TestCase(false)]
    public async Task Either_side_hangs_up(bool caller)
    {
        var (server, alice, bob) = await PairAsync();
        await TalkAsync(alice, bob);
        var (hangsUp, other) = caller ? (alice, bob) : (bob, alice);
        await hangsUp.HangUpAsync();
        await other.WaitAsync("CALL_CLOSED");
        await server.WaitAsync("ended", Soon, $"direction={(caller ? "in" : "out")}", "cause=remote-hangup");
        await server.WaitAsync("ended", Soon, $"direction={(caller ? "out" : "in")}");
    }

    [TestCase(true), TestCase(false)]
    public async Task A_phone_that_dies_ends_the_call(bool caller)
    {
        var (server, alice, bob) = await PairAsync("udp", "--media-timeout", "3");
        await TalkAsync(alice, bob);
        await Hearing.ToneAsync(bob, 440, 30);
        await Hearing.ToneAsync(alice, 880, 30);
        var (dies, other) = caller ? (alice, bob) : (bob, alice);
        await dies.Process.KillAsync();
        await server.WaitAsync("ended", Soon, $"direction={(caller ? "in" : "out")}", "cause=media-timeout");
        await other.WaitAsync("CALL_CLOSED");
        await server.WaitAsync("ended", Soon, $"direction={(caller ? "out" : "in")}");
    }

    [TestCase("udp"), TestCase("tcp")]
    public async Task A_server_that_stops_says_goodbye(string transport)
    {
        var (server, alice, bob) = await PairAsync(transport);
        await TalkAsync(alice, bob);
        var stopping = server.StopAsync(TimeSpan.FromSeconds(30));
        await Task.WhenAll(alice.WaitAsync("CALL_CLOSED"), bob.WaitAsync("CALL_CLOSED"));
        Assert.That(await stopping, Is.Zero, "exit code");
        Assert.That(server.Process.Output.Lines[^1], Is.EqualTo("stopped"));
    }

    private static async Task RingAsync(Baresip caller, Baresip callee)
    {
        await caller.DialAsync(callee.Options.User);
        await callee.WaitAsync("CALL_INCOMING");
        await caller.WaitAsync("CALL_RINGING");
    }

    private static async Task TalkAsync(Baresip caller, Baresip callee)
    {
        await RingAsync(caller, callee);
        await callee.AcceptAsync();
        await caller.WaitAsync("CALL_ESTABLISHED");
        await callee.WaitAsync("CALL_ESTABLISHED");
    }

    private async Task<(RoomServerProcess Server, Baresip Alice, Baresip Bob)> PairAsync(string transport = "udp", params string[] options)
    {
        var server = await ServerAsync(options);
        var to = Address(server, transport);
        var bob = await BaresipAsync(new PhoneOptions("bob", to, 880) { Transport = transport });
        var alice = await BaresipAsync(new PhoneOptions("alice", to, 440) { Transport = transport });
        return (server, alice, bob);
    }
}

using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scripts;
using Atm0s.Sip.TestKit.Certificates;

namespace Atm0s.Sip.Interop.Proxies;

/// <summary>kamailio as a carrier over TLS: it calls and is called, all requests go over TLS, and the audio is encrypted.</summary>
public sealed class TlsTrunkTests : ScriptTest
{
    private readonly TestAuthority _authority = new();

    [TearDown]
    public void RemoveCertificates() => _authority.Dispose();

    [Test]
    public async Task Calls_of_the_carrier([Values("srtp", null)] string? encryption)
    {
        var server = await SecureServerAsync();
        var carrier = await ProxyAsync("carrier", CarrierOptions(), ("*", [$"sip:{server.Tls};transport=tls"]));
        await server.Sip.AddTrunkAsync(Trunk(carrier));
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880));
        var alice = await BaresipAsync(new PhoneOptions("alice", carrier.Address, 440) { Register = false, Encryption = encryption });
        await bob.DialAsync("room-hall");
        await bob.WaitAsync("CALL_ESTABLISHED");
        await alice.DialAsync("room-hall");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await HearEachOtherAsync(alice, bob);

        var call = await CallOfTrunkAsync(server, CallDirection.Incoming);
        Assert.That(call.GetStatistics()?.Encryption, encryption is null ? Is.Null : Is.Not.Null);
        await HoldAndEndAsync(alice, carrier, call);
    }

    [Test]
    public async Task Calls_to_the_carrier([Values("srtp", null)] string? encryption)
    {
        var server = await SecureServerAsync();
        var alice = await BaresipAsync(
            new PhoneOptions("alice", server.Udp, 440) { Register = false, Encryption = encryption, AutoAnswer = true });
        var carrier = await ProxyAsync("carrier", CarrierOptions(), ("alice", [alice.Uri]));
        await server.Sip.AddTrunkAsync(Trunk(carrier));
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880));
        await bob.DialAsync("room-hall");
        await bob.WaitAsync("CALL_ESTABLISHED");
        var call = await server.Sip.CallTrunkAsync("room-hall", "carrier", "alice", "1001");
        Assert.That((await call.Answered).StatusCode, Is.EqualTo(200));
        await HearEachOtherAsync(alice, bob);

        Assert.That(call.GetStatistics()?.Encryption, encryption is null ? Is.Null : Is.Not.Null);
        await HoldAndEndAsync(alice, carrier, call);
    }

    // Its certificate has a name alone, and its Record-Route the address where it listens: what we send inside the call goes over the
    // connection that it has opened, for no other can come about.
    [Test]
    public async Task Calls_of_a_proxy_that_is_no_trunk()
    {
        var server = await SecureServerAsync();
        var edge = await ProxyAsync("edge", CarrierOptions("edge.test"), ("*", [$"sip:{server.Tls};transport=tls"]));
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880));
        var alice = await BaresipAsync(new PhoneOptions("alice", edge.Address, 440) { Register = false });
        await bob.DialAsync("room-hall");
        await bob.WaitAsync("CALL_ESTABLISHED");
        await alice.DialAsync("room-hall");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await HearEachOtherAsync(alice, bob);
        await HoldAndEndAsync(alice, edge, await CallOfTrunkAsync(server, CallDirection.Incoming));
    }

    // RFC 5922 §7: who has another name than the one called is not the one called.
    [Test]
    public async Task A_carrier_of_another_name_is_not_called()
    {
        var server = await SecureServerAsync();
        var carrier = await ProxyAsync("carrier", CarrierOptions("elsewhere.test"), ("*", ["sip:127.0.0.1:9"]));
        await server.Sip.AddTrunkAsync(Trunk(carrier));
        var call = await server.Sip.CallTrunkAsync("room-hall", "carrier", "alice", "1001");
        Assert.That((await call.Answered).IsAnswered, Is.False);
        Assert.That((await carrier.RequestsAsync()).Where(request => request.Method == "INVITE"), Is.Empty);
    }

    private static TrunkOptions Trunk(Kamailio carrier) => new() { Name = "carrier", Server = $"sip:{carrier.Tls};transport=tls" };

    private static Task HearEachOtherAsync(Baresip alice, Baresip bob) =>
        Task.WhenAll(Hearing.ToneAsync(alice, 880, 20), Hearing.ToneAsync(bob, 440, 20));

    private static async Task<ISipCall> CallOfTrunkAsync(LocalServer server, CallDirection direction)
    {
        var answered = await server.WaitAsync("Answered", direction, e => e.Call.From.Contains("alice", StringComparison.Ordinal));
        return server.Sip.TryGetCall(answered.Call.CallId, out var call) ? call : throw new AssertionException("it ended at once");
    }

    // Inside the call, too, all goes over TLS.
    private static async Task HoldAndEndAsync(Baresip alice, Kamailio carrier, ISipCall call)
    {
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That(await call.ResumeAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await alice.WaitAsync("CALL_CLOSED");
        await carrier.SawRoutedAsync("INVITE", "ACK", "BYE");
        Assert.That(call.WireTrace.Select(entry => entry.Peer), Has.All.StartWith("tls://127.0.0.1:"));
    }

    private ProxyOptions CarrierOptions(string name = "127.0.0.1")
    {
        using var certificate = _authority.Issue(name);
        var (path, key) = _authority.WritePem(certificate, "carrier");
        return new ProxyOptions { Tls = (path, key, _authority.RootFile) };
    }

    private Task<LocalServer> SecureServerAsync()
    {
        using var certificate = _authority.Issue("localhost", "127.0.0.1");
        var (path, key) = _authority.WritePem(certificate, "server");
        return LocalServerAsync(options =>
        {
            options.Listen("tls://127.0.0.1:0");
            options.Tls.Certificates.Add(new TlsCertificateFile { Certificate = path, Key = key });
            options.Tls.TrustedRoots = _authority.RootFile;
        });
    }
}

using System.Text.Json;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>Phones that encrypt their audio with keys in their descriptions (RFC 4568), heard by one that does not.</summary>
public sealed class SrtpTests : InteropTest
{
    private const string ByDefault = """{ "Sip": { "Tls": { "SelfSigned": true } } }""";
    private const string ByDtls = """{ "Sip": { "Tls": { "SelfSigned": true }, "Media": { "KeyExchange": "Dtls" } } }""";
    private const string Allowed = """{ "Sip": { "Media": { "AllowKeysOverPlainSignalling": true } } }""";
    private const string Required = """{ "Sip": { "Media": { "AllowKeysOverPlainSignalling": true, "Encryption": "Require" } } }""";

    private readonly List<TempFolder> _folders = [];

    [TearDown]
    public void RemoveFolders() => _folders.ForEach(folder => folder.Dispose());

    [Test]
    public Task Baresip_calls_encrypted(
        [Values("srtp", "srtp-mand", "dtls_srtp")] string encryption, [Values("udp", "tcp", "tls")] string transport,
        [Values("PCMA", "opus")] string codec) => Baresip_calls(encryption, transport, codec, hasIce: false);

    [TestCase("srtp-mandf", "udp", "PCMA", false)]
    [TestCase("dtls_srtp", "udp", "opus", true)]
    public async Task Baresip_calls(string encryption, string transport, string codec, bool hasIce)
    {
        var (server, control) = await EncryptingServerAsync(transport == "tls" ? ByDefault : Allowed);
        var alice = await BaresipAsync(
            new PhoneOptions("alice", Address(server, transport), 440)
            {
                Transport = transport, Codec = codec, Encryption = encryption, HasIce = hasIce, RtcpMux = hasIce, Register = false,
            });
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Register = false });
        foreach (var phone in new[] { alice, bob })
        {
            await phone.DialAsync("open-hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        await IsEncryptedAsync(control, "alice", encryption == "dtls_srtp" ? "dtls" : "sdes");
        await Hearing.ToneAsync(alice, 880, 20);
        await Hearing.ToneAsync(bob, 440, 20);
    }

    [Test]
    public async Task Baresip_is_called_encrypted(
        [Values("srtp", "srtp-mand", "dtls_srtp")] string encryption, [Values("udp", "tcp", "tls")] string transport,
        [Values("PCMA", "opus")] string codec)
    {
        var isDtls = encryption == "dtls_srtp";
        var (server, control) = await EncryptingServerAsync(isDtls ? ByDtls : transport == "tls" ? ByDefault : Allowed);
        var bob = await BaresipAsync(new PhoneOptions("bob", Address(server, transport), 880)
        {
            Transport = transport, Codec = codec, Encryption = encryption, AutoAnswer = true,
        });
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440));
        await alice.DialAsync("bob");
        await alice.WaitAsync("CALL_ESTABLISHED");

        await control.WaitAsync("/sip/calls", calls => calls.EnumerateArray().Any(call => Encryption(call) == (isDtls ? "dtls" : "sdes")));
        await Hearing.ToneAsync(alice, 880, 20);
        await Hearing.ToneAsync(bob, 440, 20);
    }

    [Test]
    public async Task Who_does_not_encrypt_is_refused_where_that_is_required()
    {
        var server = await ServerAsync("--config", Settings(Required));
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Register = false });
        await alice.DialAsync("open-hall");
        Assert.That(await alice.WaitAsync("CALL_CLOSED"), Does.Contain("488"));
    }

    [Test]
    public async Task Keys_over_UDP_are_refused_where_they_are_not_allowed()
    {
        var server = await ServerAsync();
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Encryption = "srtp-mand", Register = false });
        await alice.DialAsync("open-hall");
        Assert.That(await alice.WaitAsync("CALL_CLOSED"), Does.Contain("488"));
    }

    [Test]
    public async Task Baresip_holds_and_goes_on_encrypted()
    {
        var server = await ServerAsync("--config", Settings(Required));
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Encryption = "srtp-mand", Register = false });
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Encryption = "srtp", Register = false });
        foreach (var phone in new[] { alice, bob })
        {
            await phone.DialAsync("open-hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        await Hearing.ToneAsync(bob, 440, 20);
        await alice.HoldAsync();
        await Hearing.NoneAsync(bob, 440);
        var resumed = bob.Recorded().Duration;
        await alice.ResumeAsync();
        await Hearing.ToneAsync(bob, 440, 20, resumed);
        await Hearing.AudioComesAsync(alice);
    }

    [Test]
    public async Task Linphone_calls_encrypted([Values("tcp", "tls")] string transport, [Values("PCMA", "opus")] string codec)
    {
        var (server, control) = await EncryptingServerAsync(transport == "tls" ? ByDefault : Required);
        var bob = await BaresipAsync(new PhoneOptions("bob", Address(server, transport), 880)
        {
            Transport = transport, Encryption = "srtp-mand", Register = false,
        });
        var linphone = await LinphoneAsync(
            new PhoneOptions("1006", Address(server, transport), 1100) { Transport = transport, Codec = codec, Encryption = "srtp" }, server);
        await bob.DialAsync("open-hall");
        await bob.WaitAsync("CALL_ESTABLISHED");
        await linphone.DialAsync("open-hall");
        await server.WaitAsync("answered", Soon, "from=1006");

        await IsEncryptedAsync(control, "1006");
        await Hearing.ToneAsync(bob, 1100, 20);
        await Hearing.ToneAsync(linphone, 880, 20);
    }

    [Test]
    public async Task Linphone_calls_with_keys_by_DTLS([Values("tcp", "tls")] string transport)
    {
        var (server, control) = await EncryptingServerAsync(transport == "tls" ? ByDefault : Required);
        var bob = await BaresipAsync(new PhoneOptions("bob", Address(server, transport), 880)
        {
            Transport = transport, Encryption = "srtp-mand", Register = false,
        });
        var linphone = await LinphoneAsync(
            new PhoneOptions("1006", Address(server, transport), 1100) { Transport = transport, Encryption = "dtls" }, server);
        await bob.DialAsync("open-hall");
        await bob.WaitAsync("CALL_ESTABLISHED");
        await linphone.DialAsync("open-hall");
        await server.WaitAsync("answered", Soon, "from=1006");

        await IsEncryptedAsync(control, "1006", "dtls");
        await Hearing.ToneAsync(bob, 1100, 20);
        await Hearing.ToneAsync(linphone, 880, 20);
    }

    [TestCase("srtp", "tcp", "PCMA")]
    [TestCase("srtp", "tls", "opus")]
    [TestCase("dtls", "tcp", "opus")]
    [TestCase("dtls", "tls", "PCMA")]
    public async Task Linphone_is_called_encrypted(string encryption, string transport, string codec)
    {
        var isDtls = encryption == "dtls";
        var (server, control) = await EncryptingServerAsync(isDtls ? ByDtls : transport == "tls" ? ByDefault : Allowed);
        var linphone = await LinphoneAsync(
            new PhoneOptions("1006", Address(server, transport), 1100)
            {
                Transport = transport, Codec = codec, Encryption = encryption, AutoAnswer = true,
            },
            server);
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880));
        await bob.DialAsync("1006");
        await bob.WaitAsync("CALL_ESTABLISHED");

        await control.WaitAsync("/sip/calls", calls => calls.EnumerateArray().Any(call => Encryption(call) == (isDtls ? "dtls" : "sdes")));
        await Hearing.ToneAsync(bob, 1100, 20);
        await Hearing.ToneAsync(linphone, 880, 20);
    }

    private Task<(RoomServerProcess Server, ControlApi Control)> EncryptingServerAsync(string settings) => settings.Contains("SelfSigned", StringComparison.Ordinal)
        ? ServerWithControlAsync("--config", Settings(settings), "--listen", "tls://127.0.0.1:0")
        : ServerWithControlAsync("--config", Settings(settings));

    private static async Task IsEncryptedAsync(ControlApi control, string from, string keys = "sdes")
    {
        var call = await control.CallAsync(from);
        var id = call.GetProperty("id").GetString();
        var whole = await control.WaitAsync($"/sip/calls/{id}", c => Encryption(c) is not null);
        Assert.That(Encryption(whole), Is.EqualTo(keys));
    }

    private static string? Encryption(JsonElement call) =>
        call.TryGetProperty("audio", out var audio) && audio.ValueKind == JsonValueKind.Object
            ? audio.GetProperty("encryption").GetString()
            : null;

    private string Settings(string json)
    {
        var folder = new TempFolder();
        _folders.Add(folder);
        File.WriteAllText(folder["settings.json"], json);
        return folder["settings.json"];
    }
}

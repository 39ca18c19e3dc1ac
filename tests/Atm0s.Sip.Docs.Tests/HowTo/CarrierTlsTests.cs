using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.TestKit.Certificates;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>docs/how-to/carrier-tls.md.</summary>
public sealed class CarrierTlsTests
{
    [Test]
    public async Task CallOfTheCarrier_JoinsARoom_OverTheSecureConnection()
    {
        using var authority = new TestAuthority();
        await using var carrier = new SipServer(CarrierOptions(authority), new TestHost().Handlers);
        await carrier.StartAsync();
        var (certificate, key) = authority.WritePem(authority.Issue("sip.example.com"));
        await using var sample = await SampleProgram.StartAsync(
            "CarrierTls", "--listen", "tls://127.0.0.1:0", "--certificate", certificate, "--key", key,
            "--carrier:server", $"sip:127.0.0.2:{new Uri(carrier.ListenUris[0]).Port};transport=tls",
            "--carrier:user", "4930123450", "--carrier:password", "pw-4930123450",
            "--carrier:roots", authority.RootFile, "--carrier:name", "carrier.example");
        await Loopback.UntilAsync(() => sample.Server.Trunks[0].State == TrunkState.Registered, "registered with the carrier, over TLS");

        var call = await carrier.CallUserAsync("pstn", "4930123450", "+491715550199");

        Assert.That((await call.Answered.WaitAsync(TimeSpan.FromSeconds(20))).IsAnswered, Is.True);
        Assert.That(sample.Server.Rooms.Single().Id, Is.EqualTo("4930123450"));
        Assert.That(sample.Server.Calls.Single().Info.Trunk, Is.EqualTo("carrier"));
        await call.HangUpAsync();
    }

    [Test]
    public async Task CarrierOfAnotherName_IsNotRegisteredWith()
    {
        using var authority = new TestAuthority();
        await using var carrier = new SipServer(CarrierOptions(authority), new TestHost().Handlers);
        await carrier.StartAsync();
        var (certificate, key) = authority.WritePem(authority.Issue("sip.example.com"));
        await using var sample = await SampleProgram.StartAsync(
            "CarrierTls", "--listen", "tls://127.0.0.1:0", "--certificate", certificate, "--key", key,
            "--carrier:server", $"sip:127.0.0.2:{new Uri(carrier.ListenUris[0]).Port};transport=tls",
            "--carrier:password", "pw-4930123450", "--carrier:roots", authority.RootFile, "--carrier:name", "other.example");
        await Loopback.UntilAsync(() => sample.Server.Trunks[0].State == TrunkState.Failed, "the handshake is refused");
        Assert.That(carrier.Registrations, Is.Empty);
    }

    private static SipServerOptions CarrierOptions(TestAuthority authority)
    {
        var (certificate, key) = authority.WritePem(authority.Issue("carrier.example"));
        var options = new SipServerOptions { Realm = "carrier" };
        options.Listen("tls://127.0.0.2:0");
        options.Tls.Certificates.Add(new TlsCertificateFile { Certificate = certificate, Key = key });
        options.Media.FirstPort = 31_000;
        options.Media.LastPort = 31_999;
        return options;
    }
}

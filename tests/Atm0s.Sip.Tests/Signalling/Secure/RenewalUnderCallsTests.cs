using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Certificates;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling.Secure;

/// <summary>A certificate is renewed while calls are up. Real sockets and files.</summary>
[NonParallelizable]
public sealed class RenewalUnderCallsTests
{
    private const int Phones = 5;
    private const int CallsOfEach = 10;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Test]
    public async Task FiftyCalls_NoneDrops_AndTheNextHandshakeHasTheNewOne()
    {
        using var authority = new TestAuthority();
        using var first = authority.Issue("localhost");
        var (certificate, key) = authority.WritePem(first, "server");
        var options = new SipServerOptions { Realm = "localhost", ShardCount = 2 };
        options.Listen("tls://127.0.0.1:0");
        options.Tls.Certificates.Add(new TlsCertificateFile { Certificate = certificate, Key = key });
        (options.Media.FirstPort, options.Media.LastPort) = (32_000, 32_499);
        await using var server = new SipServer(options, new TestHost().Handlers);
        await server.StartAsync();
        var place = IPEndPoint.Parse(server.ListenUris[0]["tls://".Length..]);

        var phones = new List<SipPhone>();
        var calls = new List<ISipCall>();
        try
        {
            for (var i = 0; i < Phones; i++)
            {
                var phone = new SipPhone(new SipPhoneOptions
                {
                    Server = $"sip:{place};transport=tls",
                    Username = $"u{i}",
                    Password = $"pw-u{i}",
                    Domain = "localhost",
                    Audio = new ToneEndpoint(400 + (100 * i)),
                    Codecs = ["PCMA"],
                    Tls = new SipTlsOptions { TrustedRoots = authority.RootFile },
                    FirstMediaPort = 32_500 + (50 * i),
                    LastMediaPort = 32_549 + (50 * i),
                });
                phones.Add(phone);
                await phone.StartAsync();
                for (var k = 0; k < CallsOfEach; k++)
                    calls.Add(await phone.CallAsync($"room{k}"));
            }

            foreach (var call in calls)
                Assert.That((await call.Answered.WaitAsync(Limit)).IsAnswered, Is.True);
            var before = await ShownAsync(place);
            using var second = authority.Issue("localhost");
            authority.WritePem(second, "server");
            server.RenewCertificates();

            Assert.That((before, await ShownAsync(place)), Is.EqualTo((first.Thumbprint, second.Thumbprint)));
            // Over the connections of before: each call is asked for something, and ends when it is told to.
            Assert.That(
                await Task.WhenAll(calls.Select(call => call.HoldAsync())).WaitAsync(Limit), Is.All.EqualTo(CallCommandResult.Done));
            Assert.That((server.Calls.Count, calls.Count(call => call.State == CallState.Answered)), Is.EqualTo((50, 50)));
            await Task.WhenAll(calls.Select(call => call.HangUpAsync())).WaitAsync(Limit);
        }
        finally
        {
            foreach (var phone in phones)
                await phone.DisposeAsync();
        }
    }

    private static async Task<string> ShownAsync(IPEndPoint server)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server).WaitAsync(Limit);
        await using var stream = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("localhost").WaitAsync(Limit);
        return stream.RemoteCertificate!.GetCertHashString();
    }
}

using System.Globalization;
using System.Net;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>docs/how-to/nat.md.</summary>
public sealed class BehindNatTests
{
    [TestCase("192.168.0.0/16", "203.0.113.7", TestName = "APhoneOutside_SeesTheAdvertisedAddress")]
    [TestCase("127.0.0.0/8", "127.0.0.1", TestName = "APhoneOfTheLocalNetwork_SeesTheServersOwn")]
    public async Task Answer_HasTheAddressThatThePhoneReaches(string local, string expected)
    {
        // A range that nobody else on this machine is likely to have.
        var ports = Random.Shared.Next(5_500, 16_000) * 2;
        await using var sample = await SampleProgram.StartAsync(
            "BehindNat", "--local", local, "--ports", ports.ToString(CultureInfo.InvariantCulture));
        // A phone that does nothing by itself: the address of the documentation leads nowhere.
        await using var phone = new UdpPhone("1001", IPEndPoint.Parse(sample.Uri["sip:".Length..]));

        var ok = await phone.InviteAsync("lobby", UdpPhone.Sdp(new IPEndPoint(IPAddress.Loopback, 4000)));

        Assert.That(ok.Status, Is.EqualTo(200));
        Assert.That(ok["Contact"], Does.Contain($"sip:{expected}:").Or.Contain($"@{expected}:"));
        Assert.That(UdpPhone.AudioOf(ok).Address.ToString(), Is.EqualTo(expected));
        Assert.That(UdpPhone.AudioOf(ok).Port, Is.InRange(ports, ports + 199));
    }
}

using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>docs/how-to/carrier-trunk.md.</summary>
public sealed class CarrierTrunkTests
{
    // Not the address of our own phones: calls of the carrier are known by where they come from.
    private const string CarrierHost = "127.0.0.2";

    [Test]
    public async Task CallsGoBothWays_OverTheTrunk()
    {
        await using var net = new Loopback();
        var pstn = new TestHost();
        var (carrier, uri) = await net.OtherServerAsync(CarrierHost, pstn);
        pstn.Decide = async (invite, cancellation) =>
        {
            await carrier.CallUserAsync($"pstn-{invite.CallId}", invite.To, invite.From, cancellationToken: cancellation);
            return InviteDecision.WaitForOthers($"pstn-{invite.CallId}");
        };
        await using var sample = await SampleProgram.StartAsync(
            "CarrierTrunk", "--carrier:server", uri, "--carrier:user", "4930123450", "--carrier:password", "pw-4930123450");
        await Loopback.UntilAsync(() => sample.Server.Trunks[0].State == TrunkState.Registered, "registered with the carrier");
        Voice alice = new(440), other = new(880);
        var desk = await net.RegisteredAsync(sample.Uri, "alice", alice);
        var mobile = await net.RegisteredAsync(uri, "+491715550199", other, "pw-+491715550199", CarrierHost);

        var outgoing = await desk.CallAsync("+491715550199");
        Assert.That((await outgoing.Answered).IsAnswered, Is.True);
        await Loopback.UntilAsync(() => alice.Hears(other) && other.Hears(alice), "both hear each other, called by us");
        Assert.That(pstn.Invited.Single().From, Is.EqualTo("4930123450"));
        await outgoing.HangUpAsync();

        var incoming = await mobile.CallAsync("4930123450");
        Assert.That((await incoming.Answered).IsAnswered, Is.True);
        await Loopback.UntilAsync(() => alice.Hears(other) && other.Hears(alice), "both hear each other, called by the carrier");
    }

    [Test]
    public async Task ACallFromTheCarrier_NeverGoesOutAgain()
    {
        await using var net = new Loopback();
        var pstn = new TestHost();
        var (carrier, uri) = await net.OtherServerAsync(CarrierHost, pstn);
        await using var sample = await SampleProgram.StartAsync(
            "CarrierTrunk", "--carrier:server", uri, "--carrier:user", "4930123450", "--carrier:password", "pw-4930123450");
        await Loopback.UntilAsync(() => sample.Server.Trunks[0].State == TrunkState.Registered, "registered with the carrier");

        var call = await carrier.CallServerAsync("fraud", $"sip:+1900555@{sample.Uri["sip:".Length..]}", "1234");

        // It rings alice, who is not registered; nothing of it comes to the carrier.
        Assert.That((await call.Ended).StatusCode, Is.EqualTo(480));
        Assert.That(pstn.Invited, Is.Empty);
    }
}

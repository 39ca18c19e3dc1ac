using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>docs/how-to/pbx.md.</summary>
public sealed class PbxTests
{
    private const string PbxHost = "127.0.0.3";

    [Test]
    public async Task ExtensionsOfThePbx_DialIntoRooms_AndAreBroughtIntoThem()
    {
        await using var net = new Loopback();
        var pbx = new TestHost();
        var (server, uri) = await net.OtherServerAsync(PbxHost, pbx, trust: "127.0.0.1");
        Voice first = new(440), second = new(880);
        await net.RegisteredAsync(uri, "1002", second, "pw-1002", PbxHost);

        // The dial plan of the PBX: 1xxx are its extensions, everything else goes to us.
        var rooms = "";
        pbx.Decide = async (invite, cancellation) =>
        {
            if (invite.To.StartsWith('1'))
                await server.CallUserAsync($"pbx-{invite.CallId}", invite.To, invite.From, cancellationToken: cancellation);
            else
                await server.CallServerAsync(
                    $"pbx-{invite.CallId}", $"sip:{invite.To}@{rooms}", invite.From, cancellationToken: cancellation);
            return InviteDecision.WaitForOthers($"pbx-{invite.CallId}");
        };
        // The PBX knows us by our address, and we know it by its own.
        await using var sample = await SampleProgram.StartAsync("Pbx", "--pbx", uri, "--pbx-network", PbxHost, "--ring", "1002");
        rooms = sample.Uri["sip:".Length..];
        await Loopback.UntilAsync(() => sample.Server.Rooms.Any(room => room is { Id: "room-800", Connected: 1 }), "1002 is in the room");

        var call = await (await net.RegisteredAsync(uri, "1001", first, "pw-1001", PbxHost)).CallAsync("800");

        Assert.That((await call.Answered).IsAnswered, Is.True);
        await Loopback.UntilAsync(() => first.Hears(second) && second.Hears(first), "both hear each other");
    }

    [Test]
    public async Task WhoIsNotThePbx_IsRefused()
    {
        await using var sample = await SampleProgram.StartAsync("Pbx", "--pbx", "sip:127.0.0.3:5999", "--pbx-network", PbxHost);
        await using var net = new Loopback();
        var call = await (await net.PhoneAsync(sample.Uri, "1001", new Voice(440))).CallAsync("800");
        Assert.That((await call.Ended).StatusCode, Is.EqualTo(403));
    }
}

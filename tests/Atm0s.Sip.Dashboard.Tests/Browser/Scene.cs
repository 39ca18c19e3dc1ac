using Atm0s.Sip.Dashboard.Tests.Hosts;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Dashboard.Tests.Browser;

/// <summary>A lively afternoon: several rooms, some who talk, one who waits, one call that failed.</summary>
internal static class Scene
{
    private static readonly (string User, string Room, double Level)[] Callers =
    [
        ("anna", "standup", -12), ("ben", "standup", -60), ("clara", "standup", -30), ("david", "standup", -55),
        ("emma", "support-berlin", -16),
        ("felix", "support-berlin", -24), ("greta", "sales-call", -14), ("henry", "sales-call", -58),
        ("ida", "sales-call", -27),
        ("jonas", "town-hall", -10), ("klara", "town-hall", -65), ("leo", "town-hall", -48), ("mia", "town-hall", -62),
    ];

    public static async Task<DashboardHost> StartAsync()
    {
        var host = await DashboardHost.StartAsync(
            dashboard: static options => options.Title = "Acme Voice",
            sip: static options => options.Trunks.Add(new TrunkOptions { Name = "carrier", Server = "sip:127.0.0.9:5099" }));
        host.Host.Decide = static (invite, _) => ValueTask.FromResult(
            invite.To == "000" ? InviteDecision.Reject(404) : InviteDecision.JoinRoom(invite.To));
        foreach (var (user, room, level) in Callers)
        {
            var phone = await host.AddPhoneAsync(user, new ToneEndpoint(300 + 20 * user.Length, levelDbfs: level));
            await phone.CallAsync(room);
        }

        var shy = await host.AddPhoneAsync("nora", onCall: static async (_, gone) =>
        {
            await Task.Delay(Timeout.Infinite, gone).ContinueWith(static _ => { }, TaskScheduler.Default);
            return PhoneAnswer.Busy;
        });
        await (await shy.CallAsync("000")).Ended;
        await host.Server.CallUserAsync("sales-call", "nora", "sales");
        return host;
    }
}

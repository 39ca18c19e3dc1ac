using System.Globalization;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scenarios;

namespace Atm0s.Sip.Interop.Load;

/// <summary>Many calls and registrations by sipp; it fails when one of them does.</summary>
[NonParallelizable]
public sealed class SippTests : InteropTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    [TestCase("u1"), TestCase("t1"), TestCase("tn")]
    public async Task A_hundred_calls_into_a_room(string transport)
    {
        var server = await ServerAsync("--trust", "127.0.0.1"); // a PBX: more calls from one address than a stranger may have
        var uac = Run("uac", [], "-sn", "uac", "-s", "open-sipp", "-t", transport, "-m", "100", "-r", "25", "-l", "50", "-d", "400",
            Address(server, transport[0] == 't' ? "tcp" : "udp").ToString());
        await uac.SucceedsAsync(Limit);
        await AllEndedAsync(server, 100);
    }

    [TestCase("u1", "udp"), TestCase("t1", "tcp")]
    public async Task A_hundred_calls_into_a_room_over_ipv6(string transport, string scheme)
    {
        Prerequisites.RequireIPv6();
        var server = await ServerAsync("--listen", $"{scheme}://[::1]:0", "--trust", "::1");
        var uri = server.Events.Select(line => line.Kind == "listening" ? line["uri"] : "")
            .Single(uri => uri.Contains("[::1]", StringComparison.Ordinal));
        var uac = Run("uac", [], "-sn", "uac", "-s", "open-sipp", "-t", transport, "-m", "100", "-r", "25", "-l", "50", "-d", "400", "-mi",
            "[::1]", uri[(scheme.Length + 3)..]);
        await uac.SucceedsAsync(Limit);
        await AllEndedAsync(server, 100);
    }

    [Test]
    public async Task A_hundred_calls_to_a_phone()
    {
        var server = await ServerAsync();
        // It registers from the port where it then listens, as a phone does.
        var phone = FreePorts.Take(2);
        await Keep(Sipp.Start("register", phone, ["bob"],
            "-sf", Sipp.Scenario("register"), "-m", "1", "-key", "contact_port", Text(phone), server.Udp.ToString())).SucceedsAsync(Limit);
        var uas = Keep(Sipp.Start("uas", phone, [], ["-sn", "uas", "-m", "100", .. Sipp.TakesRepetitions]));
        var callers = Enumerable.Range(0, 10).Select(i => $"caller{i}");

        // By default sipp writes no user into the URI of its digest, and that is for no number at all (RFC 7616 §3.4.6).
        var uac = Run("uac", callers, "-sf", Sipp.Scenario("call"), "-s", "bob", "-auth_uri", $"bob@{server.Udp}", "-m", "100", "-r", "20",
            "-l", "30", server.Udp.ToString());
        await uac.SucceedsAsync(Limit);
        await uas.SucceedsAsync(Settled);
        await AllEndedAsync(server, 200);
    }

    [TestCase("u1"), TestCase("t1")]
    public async Task A_thousand_users_register(string transport)
    {
        var server = await ServerAsync();
        var users = Enumerable.Range(0, 1000).Select(i => $"user{i:D4}");

        // No more at a time than passwords of one source that are checked at once: what comes beyond would be told to come back (503).
        await Run("register", users, "-sf", Sipp.Scenario("register"), "-t", transport, "-m", "1000", "-r", "300", "-l", "60",
            "-key", "contact_port", "5999", Address(server, transport[0] == 't' ? "tcp" : "udp").ToString()).SucceedsAsync(Limit);
        await server.Process.Output.WaitAsync(_ => Registered() == 1000, "1000 registered", Settled);

        int Registered() => server.Events.Where(line => line.Kind == "registered").Select(line => line["user"]).Distinct().Count();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task AllEndedAsync(RoomServerProcess server, int calls)
    {
        await server.Process.Output.WaitAsync(_ => server.Events.Count(line => line.Kind == "ended") >= calls, $"{calls} ended", Settled);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(server.Events.Count(line => line.Kind == "answered"), Is.EqualTo(calls), "answered");
            Assert.That(server.Events.Where(line => line.Kind == "ended").Select(line => line["cause"]).Distinct(),
                Is.SubsetOf(new[] { "remote-hangup", "local-hangup", "others-left" }));
        }
    }

    private Sipp Run(string name, IEnumerable<string> users, params string[] arguments)
    {
        var sipp = Sipp.Start(name, FreePorts.Take(2), users, arguments);
        return Keep(sipp, sipp.Process.Errors);
    }
}

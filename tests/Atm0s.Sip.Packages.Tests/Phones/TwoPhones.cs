using System.Net;
using System.Text.RegularExpressions;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Packages.Tests.Phones;

/// <summary>Two phones on real sockets that try out a server which runs as a process of its own.</summary>
internal static partial class TwoPhones
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Where a server says it listens over UDP.</summary>
    public static async Task<IPEndPoint> ListeningAsync(ChildProcess server)
    {
        var line = await server.Output.WaitAsync(line => ListeningLine().IsMatch(line), "Listening", Limit);
        return IPEndPoint.Parse(ListeningLine().Match(line).Groups[1].Value);
    }

    /// <summary>Registers two phones, brings both into one room, and has each hear the other.</summary>
    public static async Task MeetAsync(IPEndPoint server, string realm, Func<string, string> passwordOf)
    {
        var (aliceVoice, bobVoice) = (new ToneEndpoint(440, 48_000), new ToneEndpoint(880));
        await using var alice = await RegisterAsync(server, realm, "alice", passwordOf, aliceVoice, "opus");
        await using var bob = await RegisterAsync(server, realm, "bob", passwordOf, bobVoice, "PCMA");

        var calls = new[] { await alice.CallAsync("lobby"), await bob.CallAsync("lobby") };
        foreach (var call in calls)
            Assert.That((await call.Answered.WaitAsync(Limit)).IsAnswered, Is.True);
        await HearsAsync(aliceVoice, 880);
        await HearsAsync(bobVoice, 440);
        foreach (var call in calls)
            await call.HangUpAsync().WaitAsync(Limit);
    }

    /// <summary>Registers a phone with digest.</summary>
    public static async Task<SipPhone> RegisterAsync(
        IPEndPoint server, string realm, string user, Func<string, string> passwordOf, ToneEndpoint voice, string codec)
    {
        var phone = new SipPhone(new SipPhoneOptions
        {
            Server = $"sip:{server}",
            Username = user,
            Password = passwordOf(user),
            Domain = realm,
            Audio = voice,
            Codecs = [codec],
        });
        await phone.StartAsync();
        var outcome = await phone.RegisterAsync().WaitAsync(Limit);
        Assert.That(outcome.IsRegistered, Is.True, $"{user}: {outcome.StatusCode}");
        return phone;
    }

    // A busy machine makes it take longer; it is right once a whole second is.
    private static async Task HearsAsync(ToneEndpoint ear, double hz)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        ToneReport? report = null;
        while (!limit.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            var last = ear.Recording.End(TimeSpan.FromSeconds(1));
            if (last.Duration < TimeSpan.FromSeconds(1))
                continue;
            report = last.Measure(hz);
            if (report.Levels[hz] > -15 && report.Snr > 15)
                return;
        }

        Assert.Fail($"{hz} Hz was not heard: {report}");
    }

    [GeneratedRegex("Listening for UDP at ([0-9.]+:[0-9]+)", RegexOptions.IgnoreCase)]
    private static partial Regex ListeningLine();
}

using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scenarios;

namespace Atm0s.Sip.Interop.Torture;

/// <summary>The messages of RFC 4475 on the wire of a running server.</summary>
public sealed partial class TortureTests : InteropTest
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);

    [Test]
    public async Task Every_message_has_its_outcome_and_the_server_lives()
    {
        var server = await ServerAsync();
        Assert.That(TortureMessages.Rfc4475, Has.Count.EqualTo(49));
        var outcomes = await Task.WhenAll(TortureMessages.Rfc4475.Keys.Select((name, index) => OutcomeAsync(server, name, index)));
        var wrong = outcomes.Where(outcome => !outcome.IsRight).ToArray();
        foreach (var outcome in outcomes)
            await TestContext.Out.WriteLineAsync(outcome.ToString());
        Assert.That(wrong, Is.Empty);
        using var wire = new Wire(new IPEndPoint(IPAddress.Loopback, 0), server.Udp);
        Assert.That(await wire.PingAsync(Soon), Does.StartWith("SIP/2.0 200 "));
        Assert.That(server.Events.Select(line => line.Kind), Has.All.AnyOf("listening", "ready"));
    }

    [GeneratedRegex(@"^v(ia)?\s*:\s*SIP\s*/\s*2\.0\s*/\s*\S+\s+[^\s;:]+:(?<port>\d+)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ViaPort();

    // 127.0.0.x may send to 127.0.0.1, so each message has a host of its own and the port its Via names, 5060 or other.
    private static async Task<Outcome> OutcomeAsync(RoomServerProcess server, string name, int index)
    {
        var message = await File.ReadAllBytesAsync(TestData.PathOf("rfc4475", name + ".dat"));
        var port = ViaPort().Match(Encoding.Latin1.GetString(message)) is { Success: true } match
            ? int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture)
            : 5060;
        using var wire = new Wire(new IPEndPoint(new IPAddress([127, 0, 75, (byte)(1 + index)]), port), server.Udp);
        wire.Send(message);
        var finals = new SortedSet<int>();

        // An answer is waited for. None is none when the server has answered others since, and a while has passed.
        if (TortureMessages.Rfc4475[name] == "-")
        {
            using var after = new Wire(new IPEndPoint(IPAddress.Loopback, 0), server.Udp);
            await after.PingAsync(Soon);
        }

        while (await wire.ReceiveAsync(finals.Count == 0 && TortureMessages.Rfc4475[name] != "-" ? Soon : Quiet) is { } answer)
        {
            if (answer.StartsWith("SIP/2.0 ", StringComparison.Ordinal) && int.TryParse(answer.AsSpan(8, 3), out var status)
                && status >= 200)
                finals.Add(status);
        }

        return new Outcome(name, TortureMessages.Rfc4475[name], finals);
    }
}

using System.Diagnostics;
using System.Text.Json;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>How many packets a second the server sends to a phone and gets from it.</summary>
internal static class PacketRate
{
    private const double Tolerance = 0.1;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits until packets of so many milliseconds go both ways, for two seconds in a row.</summary>
    public static async Task BecomesAsync(ControlApi control, string from, int packetTime)
    {
        var wanted = 1000.0 / packetTime;
        var found = "";
        for (var end = DateTime.UtcNow + Limit; DateTime.UtcNow < end;)
        {
            var (start, before) = (Stopwatch.GetTimestamp(), await control.CallAsync(from));
            await Task.Delay(Measured);
            var after = await control.CallAsync(from);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var (sent, received) = (Rate("packets_sent"), Rate("packets_received"));
            found = $"{sent:0.0} packets a second to {from}, {received:0.0} from it, wanted {wanted:0.0}";
            if (Math.Abs(sent - wanted) <= Tolerance * wanted && Math.Abs(received - wanted) <= Tolerance * wanted)
            {
                await TestContext.Out.WriteLineAsync(found);
                return;
            }

            double Rate(string name) => (Figure(after, name) - Figure(before, name)) / seconds;
        }

        Assert.Fail(found);
    }

    private static long Figure(JsonElement call, string name) => call.GetProperty("audio").GetProperty(name).GetInt64();
}

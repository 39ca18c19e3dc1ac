using Atm0s.Sip.LoadGenerator.Statistics;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>How the good ones fared for a while.</summary>
internal sealed record GoodResult(Tally Calls, Tally Pings)
{
    public long Failed => Calls.Failed + Pings.Failed;

    /// <summary>For people.</summary>
    public string Text =>
        $"{Calls.Succeeded} calls, {Calls.Failed} failed {Calls.FailuresText}, set up p50 {Calls.Latency.Text(0.5)}"
        + $" p95 {Calls.Latency.Text(0.95)} max {Calls.Latency.Text(1)} ms, {Calls.Retransmissions} repeated;"
        + $" heard {Culture.Text(Calls.Audio.Part * 100, "0.0")} %, {Calls.Audio.Lost} lost,"
        + $" longest gap {Culture.Milliseconds(Calls.Audio.MaxGap)} ms;"
        + $" OPTIONS {Pings.Succeeded}, {Pings.Failed} failed";
}

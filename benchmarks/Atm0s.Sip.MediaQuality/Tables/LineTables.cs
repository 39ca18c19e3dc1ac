using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.MediaQuality.Analysis;
using Atm0s.Sip.MediaQuality.Lines;
using Atm0s.Sip.MediaQuality.Signals;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.MediaQuality.Virtual;
using Atm0s.Sip.MediaQuality.Wire;
using static Atm0s.Sip.MediaQuality.Tables.MarkdownTable;

namespace Atm0s.Sip.MediaQuality.Tables;

/// <summary>Speech over bad lines.</summary>
internal static class LineTables
{
    private const int Seed = 7;
    private const string Ear = "PCMA";

    // The tick and the phone's packets have one phase in a call; four calls have four.
    private static readonly double[] Phases = [2.5, 7.5, 12.5, 17.5];

    /// <summary>The library in virtual time.</summary>
    /// <param name="codec">Codec of the talker.</param>
    /// <param name="duration">Speech on each line.</param>
    public static string Virtual(string codec, TimeSpan duration)
    {
        var talker = new Talker(Codecs.Get(codec), Speech.Say(duration / Phases.Length), 1);
        var table = new MarkdownTable(
        [
            "line", "told by the leg", "not as said", "silent", "longest hole, ms", "delay, ms", "95 %", "segmental SNR, dB",
        ]);
        foreach (var line in AllLines.List)
        {
            var (results, figures) = (new List<LineResult>(), new List<RtpLegStatistics>());
            foreach (var phase in Phases)
            {
                var arrivals = line.Carry(talker.Count, Talker.PacketTime, TimeSpan.FromMilliseconds(100 + phase), Seed + (int)phase);
                var listener = new Listener(Codecs.Get(Ear));
                figures.Add(VirtualRoom.Run([(talker, arrivals)], listener));
                results.Add(LineResult.Of(talker, arrivals, listener.Decode()));
            }

            var told = figures.Sum(figure => figure.ConcealedAudio.TotalSeconds) / figures.Sum(figure => figure.PlayedAudio.TotalSeconds);
            table.Add([line.Name, Percent(told), .. Cells(LineResult.Pool(results))]);
        }

        return table.ToString();
    }

    /// <summary>The scenes of the same table on the wire.</summary>
    public static IReadOnlyList<(Line Line, Talker Talker, IReadOnlyList<Arrival> Arrivals)> Scenes(string codec, TimeSpan duration)
    {
        var talker = new Talker(Codecs.Get(codec), Speech.Say(duration), 1);
        return [.. AllLines.List.Select((line, i) =>
            (line, talker, line.Carry(talker.Count, Talker.PacketTime, TimeSpan.FromMilliseconds(500 + (3.1 * i)), Seed)))];
    }

    /// <summary>Plays them on all bridges at once.</summary>
    public static async Task<string> WireAsync(IReadOnlyList<IBridge> bridges, string codec, TimeSpan duration)
    {
        using var stage = new WireStage();
        var played = new List<(Line Line, Talker Talker, IReadOnlyList<Arrival> Arrivals, Listener[] Listeners)>();
        foreach (var (line, talker, arrivals) in Scenes(codec, duration))
        {
            var listeners = bridges.Select(_ => new Listener(Codecs.Get(Ear))).ToArray();
            for (var i = 0; i < bridges.Count; i++)
                await stage.AddAsync(bridges[i], new WireScene([(talker, arrivals)], listeners[i], codec == "opus" ? 48_000 : 8_000));
            played.Add((line, talker, arrivals, listeners));
        }

        var late = stage.Play();
        foreach (var bridge in bridges)
            await bridge.ClearAsync();
        var table = new MarkdownTable(
            [
                "line", "bridge", "not as said", "silent", "longest hole, ms", "delay, ms", "95 %", "segmental SNR, dB",
                "packets lost by it", "longest gap, ms",
            ],
            left: 2);
        foreach (var (line, talker, arrivals, listeners) in played)
        {
            for (var i = 0; i < bridges.Count; i++)
            {
                var heard = listeners[i].Decode();
                table.Add(
                [
                    i == 0 ? line.Name : "", bridges[i].Name, .. Cells(LineResult.Of(talker, arrivals, heard)), $"{heard.Lost}",
                    Number(heard.LongestGap.TotalMilliseconds, "0"),
                ]);
            }
        }

        return $"{table}\nThe sender was at most {Number(late.TotalMilliseconds)} ms late.\n";
    }

    private static string[] Cells(LineResult result) =>
    [
        Percent(result.Damaged), Percent(result.Silent), Number(result.LongestHole.TotalMilliseconds, "0"),
        Number(Decibels.Percentile(result.Delays, 50)), Number(Decibels.Percentile(result.Delays, 95)), Number(result.SegmentalSnr),
    ];
}

using Atm0s.Sip.MediaQuality.Analysis;
using Atm0s.Sip.MediaQuality.Lines;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.MediaQuality.Virtual;
using Atm0s.Sip.MediaQuality.Wire;
using static Atm0s.Sip.MediaQuality.Tables.MarkdownTable;

namespace Atm0s.Sip.MediaQuality.Tables;

/// <summary>Every pair of codecs through a room on a clean line.</summary>
internal static class PairTables
{
    private static readonly string[] All = ["PCMA", "PCMU", "G722", "opus"];

    private static readonly string[] Columns =
        ["said in", "heard in", "level, dB", "300-3,300 Hz, dB", "from, Hz", "to, Hz", "SNR, dB", "delay, ms"];


    /// <summary>The library in virtual time.</summary>
    public static string Virtual()
    {
        var table = new MarkdownTable(Columns, left: 2);
        foreach (var (from, talker, arrivals) in Scenes())
        {
            foreach (var to in All)
            {
                var listener = new Listener(Codecs.Get(to));
                VirtualRoom.Run([(talker, arrivals)], listener);
                table.Add([from, to, .. Cells(PairResult.Of(talker, arrivals, listener.Decode()))]);
            }
        }

        return table.ToString();
    }

    /// <summary>All pairs at once on all bridges.</summary>
    public static async Task<string> WireAsync(IReadOnlyList<IBridge> bridges)
    {
        using var stage = new WireStage();
        var played = new List<(string From, string To, IBridge Bridge, WireScene Scene)>();
        foreach (var (from, talker, arrivals) in Scenes())
        {
            foreach (var to in All)
            {
                foreach (var bridge in bridges)
                {
                    var scene = new WireScene([(talker, arrivals)], new Listener(Codecs.Get(to)), 48_000);
                    if (!scene.Suits(bridge))
                        continue;
                    await stage.AddAsync(bridge, scene);
                    played.Add((from, to, bridge, scene));
                }
            }
        }

        stage.Play();
        foreach (var bridge in bridges)
            await bridge.ClearAsync();
        var table = new MarkdownTable([.. Columns[..2], "bridge", .. Columns[2..]], left: 3);
        foreach (var (from, to, bridge, scene) in played)
        {
            var (talker, arrivals) = scene.Talkers[0];
            table.Add([from, to, bridge.Name, .. Cells(PairResult.Of(talker, arrivals, scene.Listener.Decode()))]);
        }

        return table.ToString();
    }

    private static IEnumerable<(string From, Talker Talker, IReadOnlyList<Arrival> Arrivals)> Scenes()
    {
        foreach (var from in All)
        {
            var talker = new Talker(Codecs.Get(from), PairResult.Signal, 1);
            yield return (from, talker, new Line("clean").Carry(talker.Count, Talker.PacketTime, TimeSpan.FromMilliseconds(511), 1));
        }
    }

    private static string[] Cells(PairResult? result) => result is null
        ? ["nothing found", "-", "-", "-", "-", "-"]
        :
        [
            Number(result.Level, "0.00"), Number(result.Ripple, "0.00"), Number(result.Lowest, "0"), Number(result.Highest, "0"),
            Number(result.Snr), Number(result.Delay),
        ];
}

using Atm0s.Sip.MediaQuality.Analysis;
using Atm0s.Sip.MediaQuality.Lines;
using Atm0s.Sip.MediaQuality.Signals;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.MediaQuality.Virtual;
using Atm0s.Sip.MediaQuality.Wire;
using static Atm0s.Sip.MediaQuality.Tables.MarkdownTable;

namespace Atm0s.Sip.MediaQuality.Tables;

/// <summary>Six who talk at once, loud.</summary>
internal static class LoudTables
{
    private const int Talkers = 6;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);
    private static readonly double[] Levels = [-26, -18, -12];

    private static readonly string[] Columns =
    [
        "level of each, dBov", "frames beyond full scale", "clipped", "their gain, dB", "signal to distortion, dB", "5 % have less than",
    ];


    /// <summary>The library in virtual time.</summary>
    public static string Virtual()
    {
        var table = new MarkdownTable(Columns, left: 0);
        foreach (var level in Levels)
        {
            var scene = Scene(level);
            VirtualRoom.Run(scene.Talkers, scene.Listener);
            table.Add([Number(level, "0"), .. Cells(scene)]);
        }

        return table.ToString();
    }

    /// <summary>All levels at once on all bridges.</summary>
    public static async Task<string> WireAsync(IReadOnlyList<IBridge> bridges)
    {
        using var stage = new WireStage();
        var played = new List<(double Level, IBridge Bridge, WireScene Scene)>();
        foreach (var level in Levels)
        {
            foreach (var bridge in bridges)
            {
                var scene = Scene(level);
                await stage.AddAsync(bridge, scene);
                played.Add((level, bridge, scene));
            }
        }

        stage.Play();
        foreach (var bridge in bridges)
            await bridge.ClearAsync();
        var table = new MarkdownTable(["bridge", .. Columns]);
        foreach (var (level, bridge, scene) in played)
            table.Add([bridge.Name, Number(level, "0"), .. Cells(scene)]);
        return table.ToString();
    }

    private static WireScene Scene(double level)
    {
        var talkers = Enumerable.Range(0, Talkers).Select(i =>
        {
            var talker = new Talker(Codecs.Get("PCMA"), Speech.Say(Duration, level, seed: 11 + i), (uint)(100 + i));
            return (talker, new Line("clean").Carry(talker.Count, Talker.PacketTime, TimeSpan.FromMilliseconds(511 + (3 * i)), 1));
        });
        return new WireScene([.. talkers], new Listener(Codecs.Get("PCMA")), 8_000);
    }

    private static string[] Cells(WireScene scene) =>
        LoudResult.Of([.. scene.Talkers.Select(talker => talker.Talker)], scene.Listener.Decode()) is { } result
            ? [Percent(result.Beyond), Percent(result.Clipped), Number(result.Gain), Number(result.Sdr), Number(result.SdrLow)]
            : ["not found", "-", "-", "-", "-"];
}

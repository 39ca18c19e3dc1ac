using Atm0s.Sip.MediaQuality.Analysis;
using Atm0s.Sip.MediaQuality.Lines;
using Atm0s.Sip.MediaQuality.Signals;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.MediaQuality.Virtual;
using Atm0s.Sip.MediaQuality.Wire;
using static Atm0s.Sip.MediaQuality.Tables.MarkdownTable;

namespace Atm0s.Sip.MediaQuality.Tables;

/// <summary>One frame in fifty is lost: what is heard in its place.</summary>
internal static class LostFrameTables
{
    private const int OneIn = 50;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Preamble = TimeSpan.FromSeconds(3);
    private static readonly Line Lossy = new($"one in {OneIn} lost") { OneInEvery = OneIn };

    private static readonly string[] Columns =
        ["said in", "signal", "in place of the lost", "SNR, dB", "distance of spectra, dB", "frames"];


    /// <summary>The library in virtual time, beside silence and repetition.</summary>
    public static string Virtual()
    {
        var table = new MarkdownTable(Columns, left: 3);
        foreach (var (codec, signal, talker, arrivals) in Scenes())
        {
            var listener = new Listener(Codecs.Get("PCMA"));
            VirtualRoom.Run([(talker, arrivals)], listener);
            Add(table, codec, signal, "the library", (talker, arrivals, listener.Decode()));
            if (codec != "PCMA")
                continue;
            var lost = Lost(arrivals);
            foreach (var (name, repeat) in new[] { ("silence", false), ("the frame before", true) })
                table.Add([codec, signal, name, .. Cells(LostFrameResult.Of(talker, lost, Replaced(talker, lost, repeat), 0))]);
        }

        return table.ToString();
    }

    /// <summary>All at once on all bridges.</summary>
    public static async Task<string> WireAsync(IReadOnlyList<IBridge> bridges)
    {
        using var stage = new WireStage();
        var played = new List<(string Codec, string Signal, IBridge Bridge, WireScene Scene)>();
        foreach (var (codec, signal, talker, arrivals) in Scenes())
        {
            foreach (var bridge in bridges)
            {
                var scene = new WireScene([(talker, arrivals)], new Listener(Codecs.Get("PCMA")), codec == "opus" ? 48_000 : 8_000);
                await stage.AddAsync(bridge, scene);
                played.Add((codec, signal, bridge, scene));
            }
        }

        stage.Play();
        foreach (var bridge in bridges)
            await bridge.ClearAsync();
        var table = new MarkdownTable(Columns, left: 3);
        foreach (var (codec, signal, bridge, scene) in played)
            Add(table, codec, signal, bridge.Name, (scene.Talkers[0].Talker, scene.Talkers[0].Arrivals, scene.Listener.Decode()));
        return table.ToString();
    }

    private static void Add(
        MarkdownTable table, string codec, string signal, string who, (Talker Talker, IReadOnlyList<Arrival> Arrivals, Heard Heard) run)
    {
        var (talker, arrivals, heard) = run;

        // The speech before tells where everything is.
        var preamble = talker.Ideal[..(int)(Preamble.TotalSeconds * Speech.Rate)];
        var matches = Alignment.Find(LineResult.Telephone(preamble), LineResult.Telephone(heard.Samples), Speech.Rate / 2);
        var result = matches.Count == 0
            ? new LostFrameResult(double.NaN, double.NaN, 0)
            : LostFrameResult.Of(talker, Lost(arrivals), heard.Samples, matches[^1].Heard - matches[^1].Position);
        table.Add([codec, signal, who, .. Cells(result)]);
    }

    private static int[] Lost(IReadOnlyList<Arrival> arrivals) =>
        [.. arrivals.Where(arrival => arrival.At is null).Select(arrival => arrival.Index)];

    private static IEnumerable<(string Codec, string Signal, Talker Talker, IReadOnlyList<Arrival> Arrivals)> Scenes()
    {
        foreach (var codec in new[] { "PCMA", "opus" })
        {
            foreach (var signal in new[] { "speech", "440 Hz" })
            {
                var said = signal == "speech"
                    ? Speech.Say(Duration)
                    : (float[])[.. Speech.Say(Preamble), .. Tones.One(440, -16, Duration)];
                var talker = new Talker(Codecs.Get(codec), said, 1);
                yield return (codec, signal, talker, Lossy.Carry(talker.Count, Talker.PacketTime, TimeSpan.FromMilliseconds(511), 1));
            }
        }
    }

    private static float[] Replaced(Talker talker, int[] lost, bool repeat)
    {
        const int Frame = 960;
        var heard = LineResult.Telephone(talker.Ideal);
        foreach (var packet in lost)
        {
            for (var i = packet * Frame; i < (packet + 1) * Frame && i < heard.Length; i++)
                heard[i] = repeat && i >= Frame ? heard[i - Frame] : 0;
        }

        return heard;
    }

    private static string[] Cells(LostFrameResult result) => [Number(result.Snr), Number(result.Distance), $"{result.Frames}"];
}

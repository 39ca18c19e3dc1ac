using System.Globalization;
using System.Text;
using Atm0s.Sip.MediaQuality.Load;
using Atm0s.Sip.MediaQuality.Tables;
using Atm0s.Sip.MediaQuality.Wire;

namespace Atm0s.Sip.MediaQuality;

/// <summary>What the program is told, and the text it makes of it.</summary>
internal static class CommandLine
{
    private const string Usage = """
        MediaQuality: how a room sounds, and what it costs.

          virtual [--minutes M]
              The library in virtual time: the same figures on every machine. 4 minutes a line by default.
          wire [--seconds S]
              samples/RoomServer over UDP, and Janus beside it with the same packets when it is installed. 30 s a line by default.
          load [--callers N] [--rooms M] [--talkers K] [--speakers L] [--seconds S] [--rounds R] [--codec PCMA|PCMU|G722|opus]
               [--fresh] [--srtp SUITE]
              M rooms of N callers, K of each talk: processor time, packets, gaps; Janus in the same run. One room, 100, all, 8 s, 2 rounds,
              PCMA by default. --speakers: RoomServer mixes the L loudest (0: all). --fresh: a server just started counts as well.
              With --srtp the same room in the clear and with that suite (AES_CM_128_HMAC_SHA1_80, AEAD_AES_128_GCM, ...), in turns.

        The tables are Markdown, on standard output.
        """;

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        switch (args.FirstOrDefault())
        {
            case "virtual":
                Console.WriteLine(Virtual(TimeSpan.FromMinutes(Value(args, "--minutes", 4))));
                return 0;
            case "wire":
                Console.WriteLine(await WireAsync(TimeSpan.FromSeconds(Value(args, "--seconds", 30))));
                return 0;
            case "load":
                Console.WriteLine(await LoadRun.RunAsync(new LoadOptions
                {
                    Callers = (int)Value(args, "--callers", 100),
                    Rooms = (int)Value(args, "--rooms", 1),
                    Talkers = (int)Value(args, "--talkers", 0),
                    Speakers = Array.IndexOf(args, "--speakers") >= 0 ? (int)Value(args, "--speakers", 3) : null,
                    CountsFresh = args.Contains("--fresh"),
                    Duration = TimeSpan.FromSeconds(Value(args, "--seconds", 8)),
                    Rounds = (int)Value(args, "--rounds", 2),
                    Codec = Word(args, "--codec", "PCMA"),
                    Suite = Word(args, "--srtp", ""),
                }));
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static string Virtual(TimeSpan duration)
    {
        var text = new StringBuilder();
        Section(text, "Pairs of codecs", PairTables.Virtual());
        Section(text, "PCMA over bad lines", LineTables.Virtual("PCMA", duration));
        Section(text, "Opus over bad lines", LineTables.Virtual("opus", duration));
        Section(text, "One frame in fifty lost", LostFrameTables.Virtual());
        Section(text, "Six loud talkers", LoudTables.Virtual());
        return text.ToString();
    }

    private static async Task<string> WireAsync(TimeSpan duration)
    {
        var text = new StringBuilder();
        await using var ours = await RoomServerBridge.StartAsync(core: null);
        await using var janus = JanusBridge.IsInstalled ? await JanusBridge.StartAsync(core: null) : null;
        IBridge[] bridges = janus is null ? [ours] : [ours, janus];
        Section(text, "Pairs of codecs", await PairTables.WireAsync(bridges));
        Section(text, "PCMA over bad lines", await LineTables.WireAsync(bridges, "PCMA", duration));
        Section(text, "Opus over bad lines", await LineTables.WireAsync(bridges, "opus", duration));
        Section(text, "One frame in fifty lost", await LostFrameTables.WireAsync(bridges));
        Section(text, "Six loud talkers", await LoudTables.WireAsync(bridges));
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, string table)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"### {title}").AppendLine().AppendLine(table);
        Console.Error.WriteLine($"{title}: done");
    }

    private static double Value(string[] args, string name, double otherwise) =>
        double.Parse(Word(args, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private static string Word(string[] args, string name, string otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
}

using Atm0s.Sip.LoadGenerator.Native;

namespace Atm0s.Sip.LoadGenerator;

/// <summary>The command line.</summary>
internal sealed class Settings
{
    public const string Usage = """
        LoadGenerator: what a SIP server takes, and what it costs. Loopback only; Linux only.

          options | register | call     requests, and the processor time of each
          compare --tests LIST          several of them: options,register,register@200,call,call-media,call-inactive,call-opus
          flood --kind KIND             requests of strangers at a rate: options, register, invite, scanner
          mixed --kind KIND             good calls before, during and after a flood
          idle --bindings N | --legs N  memory of a server that holds N bindings, or N calls
          soak                          calls at a rate for long, with samples of memory, descriptors and threads
          preset NAME                   a threat with its figure: s1, s3, s4, s7, s8, s9, all. PASS or FAIL
          serve                         the host that the other modes start as "host"

          --server LIST       roomserver (default), host, host-nomedia, kamailio, sipp; in turns when there are several
          --target PORT       a server that runs already on 127.0.0.1; with --pid ID, --password TEXT (%u is the user), --number NUMBER
          --turns N           how often each server has its turn (default 1)
          --seconds S         how long one turn is (default 5)
          --lead S            the same load before the measured time, so that what lingers 32 s is in the figure (default 0)
          --rate N            open loop: N a second by the clock. Without it a closed loop of
          --outstanding N     requests at one time (default 50)
          --sources N         addresses that the load comes from: 127.0.0.2 and on (default 50)
          --users N           users (default 10000)
          --hold S            how long a call is (default 0)
          --rooms N           rooms that calls are spread over (default 1)
          --media none|pcma   whether callers send 50 packets a second and count what they hear (default none)
          --codec pcma|opus   what is offered (default pcma)
          --closed            calls go to a room that wants a password (host alone)
          --tier T            default, settled (compiled at once and fully), nopgo, perf (settled, with names for perf)
          --warm N            requests of each kind before the first turn (default 30000; 3000 when settled)
          --max-calls N       of the server
          --ports N           pairs of ports for audio (default 2400: as many sockets as a server with 20,000 descriptors keeps open)
          --server-args TEXT  more arguments for roomserver, in one word
          --minutes M         of a soak (default 3)
          --types             says what host allocates, by type (samples; it makes it slower)
          --csv FILE          the figures as CSV
        """;

    private readonly Dictionary<string, string> _values = [];

    private Settings(string mode, string? what) => (Mode, What) = (mode, what);

    public string Mode { get; }

    /// <summary>The word after the mode, if there is one.</summary>
    public string? What { get; }

    public IReadOnlyList<string> Servers => Text("server", "roomserver").Split(',');

    public int Turns => Whole("turns", 1);

    public double Seconds => Number("seconds", 5);

    public double Lead => Number("lead", 0);

    public double? Rate => _values.ContainsKey("rate") ? Number("rate", 0) : null;

    public int Outstanding => Whole("outstanding", 50);

    public int Sources => Math.Clamp(Whole("sources", 50), 1, Loopback.MaxSources);

    public int Users => Whole("users", 10_000);

    public double Hold => Number("hold", 0);

    public int Rooms => Whole("rooms", 1);

    public bool HasAudio => Text("media", "none") == "pcma";

    public string Codec => Text("codec", "pcma");

    public bool Closed => _values.ContainsKey("closed");

    public string Tier => Text("tier", "default");

    public int Warm => Whole("warm", Tier is "settled" or "perf" ? 3_000 : 30_000);

    public string? Csv => _values.GetValueOrDefault("csv");

    /// <summary>The processor of the server, and that of the generator.</summary>
    public static (int Server, int Generator) Processors => (0, Math.Max(Environment.ProcessorCount - 1, 0));

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    public bool Has(string name) => _values.ContainsKey(name);

    public double Number(string name, double otherwise) =>
        !_values.TryGetValue(name, out var text) ? otherwise
        : double.TryParse(text, Culture.Invariant, out var number) && number >= 0 ? number
        : throw new FormatException($"--{name} wants a number, not \"{text}\".");

    public int Whole(string name, int otherwise) => (int)Math.Min(Number(name, otherwise), int.MaxValue);

    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static Settings Parse(string[] args)
    {
        if (args.Length == 0)
            throw new FormatException(Usage);
        var hasWhat = args.Length > 1 && !args[1].StartsWith('-');
        var settings = new Settings(args[0], hasWhat ? args[1] : null);
        for (var i = hasWhat ? 2 : 1; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || !Usage.Contains($"{args[i]} ", StringComparison.Ordinal))
                throw new FormatException($"\"{args[i]}\" is no option. {Usage}");
            var name = args[i][2..];
            settings._values[name] = name is "closed" or "types" ? ""
                : ++i < args.Length ? args[i]
                : throw new FormatException($"--{name} wants a value.");
        }

        return settings;
    }
}

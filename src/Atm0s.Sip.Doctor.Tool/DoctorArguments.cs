using System.Globalization;
using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Doctor.Tool;

/// <summary>The command line.</summary>
internal sealed class DoctorArguments
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Usage = """
        sip-doctor looks whether a SIP server can work on this machine, and says what to do where it can't.

          --config FILE        read the settings of a server; default appsettings.json, where there is one
          --section NAME       the section that holds them; default Sip
          --listen URI         listen there in place of the listeners of the file, for example udp://0.0.0.0:5060; may be repeated
          --rtp-ports A-B      ports for the audio, for example 40000-59999
          --advertise ADDRESS  the address that phones are told
          --trunk URI          ask this server too, for example sip:pbx.example.com;transport=tcp; may be repeated
          --max-calls N        calls at one time
          --running            the server runs already: its ports are in use, as they should be
          --no-call            make no call with a tone
          --no-ping            ask no trunk
          --no-timer           do not measure how late threads wake up
          --json               print JSON
          --help               print this

        The environment counts as it does for the server: Sip__Realm=sip.example.com. It ends with 0 when all is well, with 1 when there
        are warnings, with 2 when something fails.
        """;

    /// <summary>Path of the settings, or null.</summary>
    public string? Config { get; private set; }

    /// <summary>Section in it.</summary>
    public string Section { get; private set; } = "Sip";

    /// <summary>Whether to print the usage.</summary>
    public bool Help { get; private set; }

    /// <summary>Whether to print JSON.</summary>
    public bool Json { get; private set; }

    /// <summary>What to look at.</summary>
    public DoctorOptions Doctor { get; } = new();

    private List<SipListenerOptions> Listeners { get; } = [];

    private List<TrunkOptions> Trunks { get; } = [];

    private (int First, int Last)? Ports { get; set; }

    private IPAddress? Advertised { get; set; }

    private int? MaxCalls { get; set; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">Says what is wrong, and what to write.</exception>
    public static DoctorArguments Parse(IReadOnlyList<string> args)
    {
        var result = new DoctorArguments();
        for (var i = 0; i < args.Count; i++)
        {
            if (!result.TryTakeSwitch(args[i]))
                result.Take(args[i], i + 1 < args.Count ? args[++i] : null);
        }

        return result;
    }

    /// <summary>What the command line says about the server's settings.</summary>
    public void Apply(SipServerOptions server)
    {
        if (Listeners.Count > 0)
        {
            server.Listeners.Clear();
            foreach (var listener in Listeners)
                server.Listeners.Add(listener);
        }

        foreach (var trunk in Trunks)
            server.Trunks.Add(trunk);
        if (Ports is { } ports)
            (server.Media.FirstPort, server.Media.LastPort) = ports;
        if (Advertised is { } address)
        {
            server.Media.AdvertisedAddress = address;
            foreach (var listener in server.Listeners)
                listener.AdvertisedHost ??= address.ToString();
        }

        if (MaxCalls is { } calls)
            server.Calls.MaxCalls = calls;
    }

    private bool TryTakeSwitch(string name)
    {
        switch (name)
        {
            case "--help" or "-h" or "-?":
                Help = true;
                return true;
            case "--json":
                Json = true;
                return true;
            case "--running":
                Doctor.IsRunning = true;
                return true;
            case "--no-call":
                Doctor.LoopbackCall = false;
                return true;
            case "--no-timer":
                Doctor.MeasureTimer = false;
                return true;
            case "--no-ping":
                Doctor.PingTrunks = false;
                return true;
            default:
                return false;
        }
    }

    private void Take(string name, string? value)
    {
        Action<string> take = name switch
        {
            "--config" => text => Config = text,
            "--section" => text => Section = text,
            "--listen" => text => Listeners.Add(SipListenerOptions.Parse(text)),
            "--rtp-ports" => text => Ports = PortsOf(text),
            "--advertise" => text => Advertised = IPAddress.TryParse(text, out var address)
                ? address : throw new FormatException($"--advertise: \"{text}\" is no address; write for example 203.0.113.7."),
            "--trunk" => text => Trunks.Add(TrunkOf(text)),
            "--max-calls" => text => MaxCalls = NumberOf(text),
            _ => throw new FormatException($"\"{name}\" is not known; --help tells what is."),
        };
        take(value ?? throw new FormatException($"{name} wants a value; --help tells which."));
    }

    private TrunkOptions TrunkOf(string text) => SipUri.TryParse(text, out var uri)
        ? new TrunkOptions { Name = Trunks.Exists(one => one.Name == uri.Host) ? text : uri.Host, Server = text }
        : throw new FormatException($"--trunk: \"{text}\" is no SIP address; write for example sip:pbx.example.com:5060;transport=tcp.");

    private static int NumberOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1_000_000
            ? number : throw new FormatException($"--max-calls: \"{text}\" is no number from 1 to 1000000.");

    private static (int, int) PortsOf(string text) =>
        text.Split('-') is [var first, var last]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
        && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            ? (from, to)
            : throw new FormatException($"--rtp-ports: \"{text}\" is no range; write for example 40000-59999.");
}

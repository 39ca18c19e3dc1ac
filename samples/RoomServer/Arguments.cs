using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Atm0s.Sip;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace RoomServer;

/// <summary>The command line.</summary>
public sealed partial class Arguments
{
    public const string Usage = """
        RoomServer: phones into rooms.

          --listen URI           where to listen, repeatable: udp://127.0.0.1:5060, tcp://[::1]:5060, tls://0.0.0.0:5061
                                 (default udp://127.0.0.1:5060)
          --certificate FILE     certificate for tls:// and --http https://, with those above it: PEM or .pfx, taken anew when the file
                                 changes
          --key FILE             its key, PEM; not needed when it stands in the file of the certificate
          --self-signed          for trying out tls:// and https:// without a certificate: makes one that nobody trusts who was not told
                                 to; browsers warn of it
          --trusted-roots FILE   PEM with the certificates that those of trunks over TLS must descend from (default the system's)
          --realm NAME           realm of the challenges (default localhost)
          --users FILE           users, one "user,password" a line
          --demo-users           any user name, password = "pw-" + user name
          --digest LIST          digest algorithms in the order of the challenges (default MD5; for example SHA-256,MD5)
          --open-rooms PREFIX    whoever calls a number that starts with PREFIX joins the room of that name, without authentication
          --transfers            phones may transfer who they speak with to a registered user (REFER), but not who called in without a password
          --codecs LIST          codecs, best first (default opus,G722,PCMA,PCMU; also L16, L16/16000)
          --rtp-ports FIRST-LAST UDP ports for audio (default 40000-59999)
          --advertise IP         address written into SIP and SDP, for a server behind NAT
          --media-timeout S      end a call after S seconds without audio (default 30, 0 = never)
          --ring STATUS          what a caller gets while it rings: 180 (default), or 183, with which he hears the called side's own ringing
                                 and announcements
          --ring-timeout S       longest ringing (default 60)
          --wait-timeout S       how long a caller waits for others in his room (default 60)
          --alone-timeout S      end an answered outgoing call that is alone in its room this long (default 60, 0 = never)
          --max-calls N          calls at one time (default 10000)
          --max-unverified-per-source N   of one address, calls that nobody vouches for (default a quarter of all)
          --max-unconfirmed-per-source N  of those, the ones that no ACK has come for (default 256)
          --hooks URL            ask a hook server who may register and what becomes of calls, for example http://127.0.0.1:3000/hooks
          --hook-secret TEXT     sign the questions to the hook server (HMAC-SHA256; 16 characters or more)
          --hook-events          tell the hook server of call events too (POST URL/call)
          --hook-rooms           tell the hook server when a room has ended (POST URL/room)
          --hook-timeout S       how long the hook server may think about a call (default 10)
          --hook-refreshes [off] tell the hook server of refreshed registrations (default on); off tells only new ones
          --hook-header N=VALUE  sent with each question to the hook server, repeatable: Authorization="Bearer TOKEN"
          --hook-network CIDR    a network that is not public and may hold the hook server, repeatable: 172.16.0.0/12
          --hook-plain-http      allow http:// to a hook server on another machine: password hashes travel readable
          --hook-details         tell it more of each call (Request-URI, header fields, trunk), and let it answer with code, reason, redirect
          --hook-fallback CODE   status of calls that the hook server could not be asked about (default 486)
          --http URL             serve the control API, for example http://127.0.0.1:8002; its page is at /scalar. Also SIP over WebSocket
                                 for browsers, at /sip, and a phone as a web page, at /
          --origin URL           a web site, besides this server's own pages, whose pages may be phones, repeatable: https://www.example.com
          --api-key KEY          key of the control API (16 characters or more), repeatable; without one only a loopback --http is open
          --http-host NAME       without a key: a name, besides localhost, that requests may name as their Host, repeatable
          --sounds DIR           files of this folder may be played by the control API (WAV, Ogg Opus), by their plain names
          --recordings DIR       the control API may record into this folder, which is made when it is not there
          --metrics              serve the metrics for Prometheus, at /metrics of --http, without a key
          --drain S              at a stop take no new calls and wait S seconds for the others to end, before BYE (default 0);
                                 a second signal ends them at once
          --dashboard            serve a page to look at and to command, at /sip/dashboard of --http
          --trunk NAME=URI       a carrier or PBX, repeatable: carrier=sip:user:password@192.0.2.7:5060;transport=tcp registers there,
                                 pbx=sip:192.0.2.8 does not; over TLS c=sip:user:password@sip.carrier.com;transport=tls;
                                 calls to numbers nobody registered go over the first trunk
          --trust CIDR           addresses that need no password, repeatable
          --refuse CIDR          addresses that may not register or call, repeatable
          --config FILE          settings from a JSON file, repeatable, after appsettings.json: every option of the server under "Sip", and
                                 switches by name under "RoomServer"; the environment (Sip__Realm=x) wins over files, a switch over both
          --verbose              log to standard error what the server decides and why
          --help                 this text
        """;

    /// <summary>Switches that were written: what was not leaves the settings as they are.</summary>
    public HashSet<string> Given { get; } = new(StringComparer.Ordinal);

    public List<string> Listen { get; } = [];

    public string Realm { get; private set; } = "localhost";

    public string? Certificate { get; private set; }

    public string? Key { get; private set; }

    public bool SelfSigned { get; private set; }

    public string? TrustedRoots { get; private set; }

    public string? UsersFile { get; private set; }

    /// <summary>Users and passwords that stand in the settings.</summary>
    public Dictionary<string, string> Passwords { get; } = new(StringComparer.Ordinal);

    public bool DemoUsers { get; private set; }

    public DigestAlgorithm[]? Digest { get; private set; }

    public string? OpenRooms { get; private set; }

    public bool Transfers { get; private set; }

    public string[]? Codecs { get; private set; }

    public int FirstPort { get; private set; } = 40_000;

    public int LastPort { get; private set; } = 59_999;

    public IPAddress? Advertise { get; private set; }

    public TimeSpan MediaTimeout { get; private set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether callers hear the called side before it answers.</summary>
    public bool RingsWithAudio { get; private set; }

    public TimeSpan RingTimeout { get; private set; } = TimeSpan.FromSeconds(60);

    public TimeSpan WaitTimeout { get; private set; } = TimeSpan.FromSeconds(60);

    public TimeSpan AloneTimeout { get; private set; } = TimeSpan.FromSeconds(60);

    public int MaxCalls { get; private set; } = 10_000;

    public int? MaxUnverifiedPerSource { get; private set; }

    public int MaxUnconfirmedPerSource { get; private set; } = 256;

    public string? Hooks { get; private set; }

    public string? HookSecret { get; private set; }

    public bool HookEvents { get; private set; }

    public bool HookRooms { get; private set; }

    public TimeSpan HookTimeout { get; private set; } = TimeSpan.FromSeconds(10);

    public bool HookRefreshes { get; private set; } = true;

    public List<KeyValuePair<string, string>> HookHeaders { get; } = [];

    public List<string> HookNetworks { get; } = [];

    public bool HookPlainHttp { get; private set; }

    public bool HookDetails { get; private set; }

    public int HookFallback { get; private set; } = 486;

    public string? Http { get; private set; }

    /// <summary>Whether the control API is for this machine only.</summary>
    public bool HttpIsLocal { get; private set; }

    /// <summary>Whether the page is served, too.</summary>
    public bool Dashboard { get; private set; }

    public List<string> HttpHosts { get; } = [];

    /// <summary>Folder of the files that may be played; null for none.</summary>
    public string? Sounds { get; private set; }

    /// <summary>Folder that may be recorded into; null for none.</summary>
    public string? Recordings { get; private set; }

    /// <summary>Sites whose pages may connect as phones.</summary>
    public List<string> Origins { get; } = [];

    public List<string> ApiKeys { get; } = [];

    public List<TrunkOptions> Trunks { get; } = [];

    public List<string> Trusted { get; } = [];

    public List<string> Refused { get; } = [];

    public bool Metrics { get; private set; }

    public TimeSpan Drain { get; private set; }

    public LogLevel LogLevel { get; private set; } = LogLevel.Warning;

    public bool Help { get; private set; }

    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static Arguments Parse(string[] args) => Parse(args, new ConfigurationBuilder().Build());

    /// <param name="args">The command line.</param>
    /// <param name="settings">What else sets switches; those of the command line win.</param>
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static Arguments Parse(string[] args, IConfiguration settings)
    {
        var result = new Arguments();
        foreach (var (name, value, path) in Switches.Read(settings).Where(setting => !args.Contains(setting.Name)).ToList())
        {
            try
            {
                result.Given.Add(name);
                result.Apply(name, () => value!);
                if (name == "--hook-refreshes")
                    result.HookRefreshes = value != "off";
            }
            catch (FormatException wrong)
            {
                throw new FormatException(wrong.Message.Replace(name, path, StringComparison.Ordinal));
            }
        }

        foreach (var user in settings.GetSection($"{Switches.Section}:users").GetChildren())
            result.Passwords[user.Key] = user.Value ?? throw new FormatException($"{user.Path} is no text; write the user's password.");
        for (var i = 0; i < args.Length; i++)
        {
            result.Given.Add(args[i]);
            if (args[i] == "--hook-refreshes")
                result.HookRefreshes = i + 1 >= args.Length || args[i + 1] is not ("on" or "off") || args[++i] == "on";
            else
                result.Apply(args[i], () => ++i < args.Length ? args[i]
                    : throw new FormatException($"{args[i - 1]} wants a value after it; try --help."));
        }

        if (result.Http is not null && result.ApiKeys.Count == 0 && !result.HttpIsLocal)
            throw new FormatException(
                "--http at an address that others reach wants an --api-key of 16 characters or more, for example the output of openssl "
                + "rand -hex 32.");
        if (result.Key is not null && result.Certificate is null)
            throw new FormatException("--key wants --certificate, whose key it is.");
        if (result.Metrics && result.Http is null)
            throw new FormatException("--metrics wants --http, which says where they are, for example --http http://127.0.0.1:8002.");
        if ((result.Sounds ?? result.Recordings) is not null && result.Http is null)
            throw new FormatException("--sounds and --recordings want --http, by which files are played and recorded.");
        if (result.Dashboard && result.Http is null)
            throw new FormatException("--dashboard wants --http, which says where the page is, for example --http http://127.0.0.1:8002.");
        return result;
    }

    private void Apply(string name, Func<string> value)
    {
        switch (name)
        {
            case "--listen":
                Listen.Add(value());
                break;
            case "--certificate":
                Certificate = value();
                break;
            case "--key":
                Key = value();
                break;
            case "--self-signed":
                SelfSigned = true;
                break;
            case "--trusted-roots":
                TrustedRoots = value();
                break;
            case "--realm":
                Realm = value();
                break;
            case "--users":
                UsersFile = value();
                break;
            case "--demo-users":
                DemoUsers = true;
                break;
            case "--digest":
                Digest = Algorithms(value());
                break;
            case "--open-rooms":
                OpenRooms = value();
                break;
            case "--transfers":
                Transfers = true;
                break;
            case "--codecs":
                Codecs = Names(value());
                break;
            case "--rtp-ports":
                (FirstPort, LastPort) = Ports(value());
                break;
            case "--advertise":
                var address = value();
                Advertise = IPAddress.TryParse(address, out var ip) ? ip
                    : throw new FormatException($"--advertise wants an IP address, not \"{address}\".");
                break;
            case "--media-timeout":
                MediaTimeout = Seconds(name, value());
                break;
            case "--ring":
                RingsWithAudio = value() switch
                {
                    "180" => false,
                    "183" => true,
                    var other => throw new FormatException($"--ring wants 180 or 183, not \"{other}\"."),
                };
                break;
            case "--ring-timeout":
                RingTimeout = Seconds(name, value());
                break;
            case "--wait-timeout":
                WaitTimeout = Seconds(name, value());
                break;
            case "--alone-timeout":
                AloneTimeout = Seconds(name, value());
                break;
            case "--max-calls":
                MaxCalls = Number(name, value());
                break;
            case "--max-unverified-per-source":
                MaxUnverifiedPerSource = Number(name, value());
                break;
            case "--max-unconfirmed-per-source":
                MaxUnconfirmedPerSource = Number(name, value());
                break;
            case "--hooks":
                Hooks = value();
                break;
            case "--hook-secret":
                HookSecret = value();
                break;
            case "--hook-events":
                HookEvents = true;
                break;
            case "--hook-rooms":
                HookRooms = true;
                break;
            case "--hook-timeout":
                HookTimeout = Seconds(name, value());
                break;
            case "--hook-header":
                HookHeaders.Add(Header(value()));
                break;
            case "--hook-network":
                HookNetworks.Add(Network(name, value()));
                break;
            case "--hook-plain-http":
                HookPlainHttp = true;
                break;
            case "--hook-details":
                HookDetails = true;
                break;
            case "--hook-fallback" or "--invite-fallback":
                HookFallback = Number(name, value());
                break;
            case "--http":
                (Http, HttpIsLocal) = HttpUrl(value());
                break;
            case "--origin":
                Origins.Add(value());
                break;
            case "--dashboard":
                Dashboard = true;
                break;
            case "--metrics":
                Metrics = true;
                break;
            case "--drain":
                Drain = Seconds(name, value());
                break;
            case "--http-host":
                HttpHosts.Add(value());
                break;
            case "--sounds":
                Sounds = Path.GetFullPath(value());
                break;
            case "--recordings":
                Recordings = Path.GetFullPath(value());
                break;
            case "--api-key":
                ApiKeys.Add(value());
                break;
            case "--trunk":
                Trunks.Add(Trunk(value()));
                break;
            case "--trust":
                Trusted.Add(Network(name, value()));
                break;
            case "--refuse":
                Refused.Add(Network(name, value()));
                break;
            case "--config":
                // Read before all others.
                value();
                break;
            case "--hook-refreshes":
                break;
            case "--verbose":
                LogLevel = LogLevel.Debug;
                break;
            case "--help" or "-h":
                Help = true;
                break;
            default:
                throw new FormatException(
                    $"\"{name}\" is no option of RoomServer; "
                    + (Switches.Nearest(name) is { } near ? $"did you mean --{near}?" : "try --help."));
        }
    }

    private static (int First, int Last) Ports(string text)
    {
        var parts = text.Split('-');
        return parts.Length == 2 && ushort.TryParse(parts[0], out var first) && ushort.TryParse(parts[1], out var last) && first < last
            ? (first, last)
            : throw new FormatException($"--rtp-ports wants two ports, the smaller one first, for example 40000-40999, not \"{text}\".");
    }

    private static string[] Names(string list)
    {
        var names = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Length == 0 ? throw new FormatException("--codecs wants at least one codec, for example opus,PCMA.")
            : names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new FormatException($"--codecs names {twice.Key} twice; each stands once, best first.")
            : names;
    }

    private static string Network(string name, string text)
    {
        try
        {
            _ = new NetworkSet(text);
            return text;
        }
        catch (ArgumentException wrong)
        {
            throw new FormatException($"{name}: {wrong.Message}");
        }
    }

    private static DigestAlgorithm[] Algorithms(string text) =>
        [
            .. text.Split(',', StringSplitOptions.TrimEntries).Select(token => DigestAlgorithms.TryParse(token, out var algorithm)
                ? algorithm
                : throw new FormatException($"--digest wants MD5, SHA-256 or both, not \"{token}\".")),
        ];

    // Decided by the address, read as the web server reads it: a name that it does not know it binds to every address, and Uri takes
    // "loopback" for "localhost".
    private static (string Url, bool IsLocal) HttpUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new FormatException($"--http wants an address, for example http://127.0.0.1:8002, not \"{text}\".");
        var host = BindingAddress.Parse(text).Host;
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return (text, true);
        return IPAddress.TryParse(host.Trim('[', ']'), out var address)
            ? (text, IPAddress.IsLoopback(address))
            : throw new FormatException($"--http wants an IP address or localhost, for example http://127.0.0.1:8002, not \"{text}\".");
    }

    private static KeyValuePair<string, string> Header(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            ? KeyValuePair.Create(text[..equals], text[(equals + 1)..])
            : throw new FormatException("--hook-header wants NAME=VALUE, for example Authorization=\"Bearer TOKEN\".");

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{name} wants a number, not \"{text}\".");

    // NAME=sip:[user:password@]host[:port][;transport=tcp]
    private static TrunkOptions Trunk(string text)
    {
        var match = TrunkPattern().Match(text);
        if (!match.Success)
            throw new FormatException("--trunk wants NAME=sip:user:password@host:port, or NAME=sip:host:port.");
        var user = match.Groups["user"];
        return new TrunkOptions
        {
            Name = match.Groups["name"].Value,
            Server = $"{match.Groups["scheme"].Value}:{match.Groups["host"].Value}",
            Credentials = user.Success ? new SipCredentials(user.Value, match.Groups["password"].Value) : null,
            Register = user.Success,
        };
    }

    [GeneratedRegex("^(?<name>[^=]+)=(?<scheme>sips?):((?<user>[^:@]+):(?<password>[^@]*)@)?(?<host>[^@]+)$")]
    private static partial Regex TrunkPattern();

    private static TimeSpan Seconds(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e6
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"{name} wants a number of seconds, not \"{text}\".");
}

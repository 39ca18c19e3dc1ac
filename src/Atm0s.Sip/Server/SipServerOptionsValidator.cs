using System.Buffers;
using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Configuration.Tables;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks.Routing;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Server;

/// <summary>Refuses settings that can't work, with a sentence that says what to write instead.</summary>
internal static class SipServerOptionsValidator
{
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.[]:_");

    // Of what stands in every message: all of it together must fit into a datagram.
    private const int MaxText = 256;
    private const int MaxUri = 1024;

    /// <exception cref="SipStartException">The first thing that is wrong.</exception>
    public static void Validate(SipServerOptions options, HookSource hooks)
    {
        var names = new SettingNames(options.Source);
        if (options.Listeners.Count == 0)
            throw new SipStartException(NoListener(options));
        for (var i = 0; i < options.Listeners.Count; i++)
        {
            var protocol = options.Listeners[i].Protocol;
            if (protocol is SipTransportProtocol.Ws or SipTransportProtocol.Wss)
                throw names.Problem(
                    $"Listeners[{i}]", ": WebSocket has no listener of its own; map it in the web server: app.MapSipWebSocket(\"/sip\").");
            if (protocol == SipTransportProtocol.Tls && !(options.Listeners[i].Tls ?? options.Tls).HasCertificate && !options.IsClient)
                throw names.Problem(
                    $"Listeners[{i}]",
                    " is for TLS, and there is no certificate: set Tls.Certificates, or Tls.SelfSigned = true for trying out.");
            if (protocol == SipTransportProtocol.Tls
                && (options.Listeners[i].Tls ?? options.Tls) is
                {
                    ClientCertificates: TlsClientCertificates.Required, TrustedRoots: null, PeerValidation: null,
                })
                throw names.Problem(
                    $"Listeners[{i}]",
                    " requires certificates of clients, and any of any public authority would do: name those of whom you expect in"
                    + " Tls.TrustedRoots, or judge them by Tls.PeerValidation.");
            if (options.Listeners[i].AdvertisedHost is { } host && !HostText.IsHost(host))
                throw names.Problem(
                    $"Listeners[{i}].AdvertisedHost",
                    $" is \"{ConfigurationPlace.Quote(host)}\"; write a host name or an IP address, and the port into AdvertisedPort.");
        }

        if (string.IsNullOrEmpty(options.Realm) || options.Realm.Length > MaxText || HasControls(options.Realm)
            || options.Realm.Contains('"', StringComparison.Ordinal))
            throw names.Problem(
                "Realm",
                " must be a text without quotes or control characters, of at most 256 characters, for example sip.example.com: it is only for"
                + " passwords; the domain of your users is Domain.");
        foreach (var domain in options.Domains.Prepend(options.Domain).OfType<string>())
        {
            if (!HostText.IsHost(domain.Trim('[', ']')))
            {
                throw names.Problem(
                    "Domain",
                    $" \"{ConfigurationPlace.Quote(domain)}\" is no host name; write for example sip.example.com, without a port.");
            }
        }

        ThatCanWork("LocalNetworks", () => NetworkSet.ParseAll(options.LocalNetworks), names);
        if (HasControls(options.Product) || options.Product?.Length > MaxText)
            throw names.Problem("Product", " must have at most 256 characters, and no control characters; null sends no Server header.");

        ServerSettings.Table.Check(options, "", names);
        ThatCanWork("Limits", options.Limits.Validate, names);
        ThatCanWork("Timers", options.Timers.Validate, names);
        Ascends(options.Registrar.MinExpires, options.Registrar.DefaultExpires, "Registrar.DefaultExpires", "Registrar.MinExpires", names);
        Ascends(options.Registrar.DefaultExpires, options.Registrar.MaxExpires, "Registrar.MaxExpires", "Registrar.DefaultExpires", names);
        if (options.Calls.SessionInterval.OrZero() is var interval && interval != TimeSpan.Zero)
            Ascends(options.Calls.MinSessionInterval, interval, "Calls.SessionInterval", "Calls.MinSessionInterval", names);
        if (options.Authentication.Algorithms.Count == 0)
            throw names.Problem("Authentication.Algorithms", " is empty: leave the default (MD5), or add at least one.");
        if (options.Authentication.Algorithms.Distinct().Count() != options.Authentication.Algorithms.Count)
            throw names.Problem("Authentication.Algorithms", " names one twice: each can be offered once.");
        if (options.Authentication.OpenNumberPrefixes.Any(string.IsNullOrEmpty))
            throw names.Problem(
                "Authentication.OpenNumberPrefixes",
                " holds an empty prefix, which would open every number: set RequireForCalls = false if that is meant.");
        if (options.Defence.DroppedUserAgents.Any(string.IsNullOrWhiteSpace))
            throw names.Problem("Defence.DroppedUserAgents", " holds an empty name, which every request begins with: take it out.");

        Validate(options.Media, names);
        ThatCanWork("Access.Rules", () => _ = new AccessList(options.Access), names);
        var spoken = SpokenTransports.Of(options.Listeners.Select(listener => listener.Protocol));
        for (var i = 0; i < options.Trunks.Count; i++)
        {
            if (TrunkProblem(options.Trunks[i], spoken) is { } problem)
                throw names.Problem($"Trunks[{i}]", $": {problem}");
            if (options.Trunks.Take(i).Any(t => t.Name == options.Trunks[i].Name))
                throw names.Problem($"Trunks[{i}]", $": there is another trunk named \"{options.Trunks[i].Name}\"; give each its own name.");
        }

        if (options.Registrar.Enabled && !hooks.Has<IAuthProvider>())
            throw new SipStartException(
                "No IAuthProvider is registered: call AddAuthProvider<T>() with the class that knows your users, or set "
                + "Registrar.Enabled = false.");
        if (options.Authentication.RequireForCalls && !hooks.Has<IAuthProvider>())
            throw new SipStartException(
                "No IAuthProvider is registered, and calls must be authenticated: call AddAuthProvider<T>(), or set "
                + "Authentication.RequireForCalls = false.");
        if (!hooks.Has<IInviteHandler>())
            throw new SipStartException(
                "No IInviteHandler is registered: call AddInviteHandler<T>() with the class that decides about incoming calls.");
    }

    /// <summary>What is wrong with a trunk, as a sentence that says what to write instead; null when nothing is.</summary>
    public static string? TrunkProblem(TrunkOptions trunk) => TrunkProblem(trunk, SpokenTransports.All);

    /// <summary>What is wrong with a trunk where the listeners speak these transports; null when nothing is.</summary>
    public static string? TrunkProblem(TrunkOptions trunk, SpokenTransports spoken)
    {
        if (string.IsNullOrEmpty(trunk.Name) || trunk.Name.Length > 64 || HasControls(trunk.Name))
            return "Name must be 1 to 64 characters, for example \"carrier\".";
        if (!SipUri.TryParse(trunk.Server, out var uri) || uri.User is not null)
            return $"\"{ConfigurationPlace.Quote(trunk.Server)}\" is no server; write for example sip:pbx.example.com:5060;transport=tcp, without a user.";
        if (UriTransport.ProblemOf(Encoding.UTF8.GetBytes(trunk.Server), spoken) is { } unreachable)
            return $"\"{ConfigurationPlace.Quote(trunk.Server)}\" {unreachable}.";
        if (trunk.Register && string.IsNullOrEmpty(trunk.User ?? trunk.Credentials?.Username))
            return "User is needed to register: set it, or Credentials.";
        if (trunk.MaxCalls < 1)
            return $"MaxCalls is {trunk.MaxCalls}; write a number of 1 or more, or null for no limit.";
        if (trunk.Server.Length > MaxUri)
            return "Server must have at most 1,024 characters.";
        if (!IsText(trunk.User) || !IsText(trunk.Credentials?.Username) || !IsText(trunk.Credentials?.Realm))
            return "User and Credentials must have at most 256 characters each, and no control characters.";
        if (trunk.Domain is { } domain && (domain.Length is 0 or > MaxText || domain.AsSpan().ContainsAnyExcept(HostCharacters)))
            return "Domain must be a host name, for example pbx.example.com; null takes the host of Server.";
        if (trunk.Expires < TimeSpan.FromSeconds(30) || trunk.Expires > TimeSpan.FromDays(1))
            return $"Expires is {trunk.Expires.TotalSeconds} s; write a time from 30 s to 86400 s.";
        try
        {
            _ = new NetworkSet(trunk.Networks ?? []);
            return null;
        }
        catch (ArgumentException exception)
        {
            return $"Networks: {exception.Message}";
        }
    }

    private static bool IsText(string? text) => text is null || (text.Length <= MaxText && !HasControls(text));

    private static bool HasControls(string? text) =>
        text is not null && text.Any(char.IsControl);

    private static string NoListener(SipServerOptions options) =>
        options.Source is not { } source
            ? "The server has no listener: call options.ListenUdp(5060), or options.Listen(\"udp://192.0.2.10:5060\")."
            : source.GetChildren().Any()
            ? $"The server has no listener: set {source.Path}:Listeners:0, for example to udp://0.0.0.0:5060."
            : $"The configuration has no section {source.Path}, or it is empty: set at least {source.Path}:Listeners:0, for example to"
            + " udp://0.0.0.0:5060.";

    private static void Validate(MediaOptions media, SettingNames names)
    {
        if (media.LastPort <= media.FirstPort)
        {
            throw names.Problem(
                "Media.LastPort",
                $" is {media.LastPort}; write a number from {media.FirstPort + 1} to 65535, above Media.FirstPort.");
        }

        if (media.JitterBufferMinimum > media.JitterBufferMaximum)
        {
            throw names.Problem(
                "Media.JitterBufferMinimum",
                $" is {media.JitterBufferMinimum.TotalMilliseconds} ms, more than Media.JitterBufferMaximum"
                + $" ({media.JitterBufferMaximum.TotalMilliseconds} ms); write a smaller one, or a greater maximum.");
        }

        if (media.SrtpSuites.FirstOrDefault(name => SrtpSuite.Find(name) is null) is { } unknown)
        {
            throw names.Problem(
                "Media.SrtpSuites",
                $" has \"{unknown}\", which is not known here; write {string.Join(", ", SrtpSuite.All)}, or some of them.");
        }

        if (media.Codecs.Count == 0)
            throw names.Problem("Media.Codecs", " is empty: leave the default (opus, G722, PCMA, PCMU), or add at least one.");
    }

    private static void Ascends(TimeSpan least, TimeSpan value, string setting, string above, SettingNames names)
    {
        if (value < least)
            throw names.Problem(setting, $" is {value.TotalSeconds} s; write {least.TotalSeconds} s or more, what {above} is.");
    }

    private static void ThatCanWork(string setting, Action validate, SettingNames names)
    {
        try
        {
            validate();
        }
        catch (ArgumentException exception)
        {
            throw names.Problem(setting, $": {exception.Message.ReplaceLineEndings(" ")}");
        }
    }
}

using Atm0s.Sip;
using Atm0s.Sip.Core.Transport.Tls;

namespace RoomServer;

/// <summary>What the switches set in the options of the server, over what its settings have set.</summary>
internal static class SwitchedOptions
{
    /// <summary>Which switch sets an option, for messages.</summary>
    private static readonly (string Setting, string Switch)[] Names =
    [
        ("Realm", "--realm"),
        ("Listeners", "--listen"),
        ("Authentication.Algorithms", "--digest"),
        ("Authentication.OpenNumberPrefixes", "--open-rooms"),
        ("Media.Codecs", "--codecs"),
        ("Media.FirstPort", "--rtp-ports"),
        ("Media.LastPort", "--rtp-ports"),
        ("Media.Timeout", "--media-timeout"),
        ("Calls.RingTimeout", "--ring-timeout"),
        ("Calls.WaitForOthersTimeout", "--wait-timeout"),
        ("Calls.AloneTimeout", "--alone-timeout"),
        ("Calls.MaxCalls", "--max-calls"),
        ("Calls.MaxUnverifiedPerSource", "--max-unverified-per-source"),
        ("Calls.MaxUnconfirmedPerSource", "--max-unconfirmed-per-source"),
        ("WaitForCallsToEnd", "--drain"),
        ("Trunks", "--trunk"),
    ];

    public static void Apply(SipServerOptions options, Arguments arguments)
    {
        var given = arguments.Given;
        if (given.Contains("--realm") || options.Realm == new SipServerOptions().Realm)
            options.Realm = arguments.Realm;
        if (given.Contains("--listen"))
            options.Listeners.Clear();
        foreach (var uri in arguments.Listen)
            options.Listen(uri);
        if (options.Listeners.Count == 0)
            options.Listen("udp://127.0.0.1:5060");
        if (arguments.Certificate is { } certificate)
        {
            options.Tls.Certificates.Clear();
            options.Tls.Certificates.Add(new TlsCertificateFile { Certificate = certificate, Key = arguments.Key });
        }

        options.Tls.SelfSigned |= arguments.SelfSigned;
        options.Tls.TrustedRoots = arguments.TrustedRoots ?? options.Tls.TrustedRoots;
        if (arguments.Digest is { } algorithms)
        {
            options.Authentication.Algorithms.Clear();
            foreach (var algorithm in algorithms)
                options.Authentication.Algorithms.Add(algorithm);
        }

        foreach (var trunk in arguments.Trunks)
        {
            if (options.Trunks.FirstOrDefault(other => other.Name == trunk.Name) is { } other)
                options.Trunks.Remove(other);
            options.Trunks.Add(trunk);
        }

        AddRules(options.Access, arguments);
        if (arguments.OpenRooms is { Length: > 0 } prefix && !options.Authentication.OpenNumberPrefixes.Contains(prefix))
            options.Authentication.OpenNumberPrefixes.Add(prefix);
        ApplyMedia(options, arguments);
        Set("--drain", () => options.WaitForCallsToEnd = arguments.Drain);
        Set("--ring", () => options.Calls.EarlyMedia = arguments.RingsWithAudio);
        Set("--ring-timeout", () => options.Calls.RingTimeout = arguments.RingTimeout);
        Set("--wait-timeout", () => options.Calls.WaitForOthersTimeout = arguments.WaitTimeout);
        Set("--alone-timeout", () => options.Calls.AloneTimeout = arguments.AloneTimeout);
        Set("--max-calls", () => options.Calls.MaxCalls = arguments.MaxCalls);
        Set("--max-unverified-per-source", () => options.Calls.MaxUnverifiedPerSource = arguments.MaxUnverifiedPerSource);
        Set("--max-unconfirmed-per-source", () => options.Calls.MaxUnconfirmedPerSource = arguments.MaxUnconfirmedPerSource);

        void Set(string name, Action set)
        {
            if (given.Contains(name))
                set();
        }
    }

    /// <summary>What stops the start, in the words of who has started: a switch where he has written one.</summary>
    public static string Explain(string problem, Arguments arguments)
    {
        foreach (var (setting, name) in Names)
        {
            if (arguments.Given.Contains(name) && problem.StartsWith(setting, StringComparison.Ordinal)
                && problem.AsSpan(setting.Length) is [' ' or ':' or '[' or '.', ..])
                return name + problem[setting.Length..];
        }

        return problem;
    }

    private static void ApplyMedia(SipServerOptions options, Arguments arguments)
    {
        if (arguments.Advertise is { } address)
        {
            options.Media.AdvertisedAddress = address;
            foreach (var listener in options.Listeners)
                listener.AdvertisedHost = address.ToString();
        }

        if (arguments.Codecs is { } codecs)
        {
            options.Media.Codecs.Clear();
            foreach (var codec in codecs)
                options.Media.Codecs.Add(codec);
        }

        if (arguments.Given.Contains("--rtp-ports"))
            (options.Media.FirstPort, options.Media.LastPort) = (arguments.FirstPort, arguments.LastPort);
        if (arguments.Given.Contains("--media-timeout"))
            options.Media.Timeout = arguments.MediaTimeout;
    }

    // Before those of the settings, for the first rule that fits counts.
    private static void AddRules(AccessOptions access, Arguments arguments)
    {
        var others = access.Rules.ToList();
        access.Rules.Clear();
        access.Refuse(arguments.Refused).Trust(arguments.Trusted);
        foreach (var rule in others)
            access.Rules.Add(rule);
    }
}

using System.Buffers;
using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks.Routing;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Server;

/// <summary>Refuses settings that can't work, with a sentence that says what to write instead.</summary>
internal static class SipServerOptionsValidator
{
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.[]:_");

    /// <exception cref="SipStartException">The first thing that is wrong.</exception>
    public static void Validate(SipServerOptions options, HookSource hooks)
    {
        if (options.Listeners.Count == 0)
            throw new SipStartException(
                "The server has no listener: call options.ListenUdp(5060), or options.Listen(\"udp://192.0.2.10:5060\").");
        foreach (var listener in options.Listeners)
            Validate(listener);
        if (string.IsNullOrEmpty(options.Realm) || HasControls(options.Realm)
            || options.Realm.Contains('"', StringComparison.Ordinal))
            throw new SipStartException(
                "Realm must be a text without quotes or control characters, for example options.Realm = \"sip.example.com\". It is only for"
                + " passwords; the domain of your users is options.Domain.");
        foreach (var domain in options.Domains.Prepend(options.Domain).OfType<string>())
        {
            if (Uri.CheckHostName(domain.Trim('[', ']')) == UriHostNameType.Unknown)
                throw new SipStartException(
                    $"Domain \"{domain}\" is no host name; write for example options.Domain = \"sip.example.com\", without a port.");
        }

        ThatCanWork(() => NetworkSet.ParseAll(options.LocalNetworks));
        if (options.Product is { } product && HasControls(product))
            throw new SipStartException("Product must not hold control characters; null sends no Server header.");

        InRange(options.HandlerTimeout, 0.1, 60, "HandlerTimeout");
        InRange(options.ObserverTimeout, 0.1, 300, "ObserverTimeout");
        InRange(options.MaxConcurrentHooks, 1, 1_000_000, "MaxConcurrentHooks");
        InRange(options.MaxHandlerThreads, 2, 1024, "MaxHandlerThreads");
        InMilliseconds(options.NonBlockingHandlerLimit, 1, 10_000, "NonBlockingHandlerLimit");
        InRange(options.MaxWaitingEvents, 100, 10_000_000, "MaxWaitingEvents");
        InRange(options.StopTimeout, 0, 60, "StopTimeout");
        InRange(options.ShardCount, 1, 256, "ShardCount");
        InRange(options.MaxTransactions, 100, 10_000_000, "MaxTransactions");
        InRange(options.MaxTransactionBytes, 1024 * 1024, 1024 * 1024 * 1024, "MaxTransactionBytes");
        InRange(options.MaxQueueTime, 0, 10, "MaxQueueTime");
        InRange(options.QueueCapacity, 16, 1_000_000, "QueueCapacity");
        ThatCanWork(options.Limits.Validate);
        ThatCanWork(options.Timers.Validate);

        InRange(options.Registrar.MinExpires, 1, 3600, "Registrar.MinExpires");
        InRange(options.Registrar.DefaultExpires, options.Registrar.MinExpires.TotalSeconds, int.MaxValue, "Registrar.DefaultExpires");
        InRange(options.Registrar.MaxExpires, options.Registrar.DefaultExpires.TotalSeconds, int.MaxValue, "Registrar.MaxExpires");
        InRange(options.Registrar.MaxContactsPerUser, 1, 1000, "Registrar.MaxContactsPerUser");
        InRange(options.Registrar.MaxRegistrations, 1, 100_000_000, "Registrar.MaxRegistrations");

        InRange(options.Calls.RingTimeout, 1, 600, "Calls.RingTimeout");
        InRange(options.Calls.WaitForOthersTimeout, 1, 600, "Calls.WaitForOthersTimeout");
        InRange(options.Calls.MaxDuration, 1, 7 * 86_400, "Calls.MaxDuration");
        InRange(options.Calls.MinSessionInterval, 90, 86_400, "Calls.MinSessionInterval");
        if (options.Calls.SessionInterval != TimeSpan.Zero)
            InRange(options.Calls.SessionInterval, options.Calls.MinSessionInterval.TotalSeconds, 86_400, "Calls.SessionInterval");
        if (options.Calls.AloneTimeout != TimeSpan.Zero)
            InRange(options.Calls.AloneTimeout, 1, 86_400, "Calls.AloneTimeout");
        InRange(options.Calls.MaxCalls, 1, 1_000_000, "Calls.MaxCalls");
        InRange(options.Calls.MaxCallsPerUser, 1, 1_000_000, "Calls.MaxCallsPerUser");
        InRange(options.Calls.MaxCallsPerTrustedSource ?? 1, 1, 1_000_000, "Calls.MaxCallsPerTrustedSource");
        InRange(options.Calls.MaxUnverifiedPerSource ?? 1, 1, 1_000_000, "Calls.MaxUnverifiedPerSource");
        InRange(options.Calls.MaxUnconfirmedPerSource, 1, 1_000_000, "Calls.MaxUnconfirmedPerSource");

        Validate(options.Calls.Records);

        InRange(options.Authentication.NonceLifetime, 5, 3600, "Authentication.NonceLifetime");
        InRange(options.Authentication.MaxWrongPasswordsPerSource, 0, 10_000, "Authentication.MaxWrongPasswordsPerSource");
        InRange(options.Authentication.WrongPasswordRecovery, 0.1, 3600, "Authentication.WrongPasswordRecovery");
        InRange(options.Authentication.MaxWrongPasswordsPerUser, 0, 10_000, "Authentication.MaxWrongPasswordsPerUser");
        InRange(options.Authentication.WrongPasswordWindow, 1, 86_400, "Authentication.WrongPasswordWindow");
        if (options.Authentication.Algorithms.Count == 0)
            throw new SipStartException("Authentication.Algorithms is empty: leave the default (MD5), or add at least one.");
        if (options.Authentication.OpenNumberPrefixes.Any(string.IsNullOrEmpty))
            throw new SipStartException(
                "Authentication.OpenNumberPrefixes holds an empty prefix, which would open every number: set RequireForCalls = false if "
                + "that is meant.");

        InRange(options.Defence.MaxRequestsPerSecondPerSource, 0, 1_000_000, "Defence.MaxRequestsPerSecondPerSource");
        InRange(options.Defence.MaxBurstPerSource, 1, 1_000_000, "Defence.MaxBurstPerSource");
        InRange(options.Defence.MaxRequestsPerSecondPerUser, 0, 1_000_000, "Defence.MaxRequestsPerSecondPerUser");
        InRange(options.Defence.MaxBurstPerUser, 1, 1_000_000, "Defence.MaxBurstPerUser");
        InRange(options.Defence.MaxOffencesPerSource, 0, 10_000, "Defence.MaxOffencesPerSource");
        InRange(options.Defence.OffenceWindow, 1, 86_400, "Defence.OffenceWindow");
        InRange(options.Defence.DropDuration, 1, 86_400, "Defence.DropDuration");
        if (options.Defence.DroppedUserAgents.Any(string.IsNullOrWhiteSpace))
            throw new SipStartException("Defence.DroppedUserAgents holds an empty name, which every request begins with: take it out.");

        Validate(options.Media);
        Validate(options.Access);
        for (var i = 0; i < options.Trunks.Count; i++)
        {
            if (TrunkProblem(options.Trunks[i]) is { } problem)
                throw new SipStartException($"Trunks[{i}]: {problem}");
            if (options.Trunks.Take(i).Any(t => t.Name == options.Trunks[i].Name))
                throw new SipStartException(
                    $"Trunks[{i}]: there is another trunk named \"{options.Trunks[i].Name}\"; give each its own name.");
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

    private static void Validate(CallRecordOptions records)
    {
        InRange(records.MaxEndedCalls, 0, 1_000_000, "Calls.Records.MaxEndedCalls");
        InRange(records.EndedCallAge, 1, 30 * 86_400, "Calls.Records.EndedCallAge");
        InRange(records.MaxFailedCalls, 0, 1_000_000, "Calls.Records.MaxFailedCalls");
        InRange(records.FailedCallAge, 1, 30 * 86_400, "Calls.Records.FailedCallAge");
        InRange(records.MaxRefusedCalls, 0, 100_000, "Calls.Records.MaxRefusedCalls");
        if (records.MaxRecordBytes is < 256 * 1024 or > 16L * 1024 * 1024 * 1024)
            throw new SipStartException(
                $"Calls.Records.MaxRecordBytes is {records.MaxRecordBytes}; write a number from 262144 to 17179869184.");
        InRange(records.MaxMessageBytes, 0, 1024 * 1024, "Calls.Records.MaxMessageBytes");
        InRange(records.SampleInterval, 1, 600, "Calls.Records.SampleInterval");
        InRange(records.MaxSamples, 0, 10_000, "Calls.Records.MaxSamples");
    }

    /// <summary>What is wrong with a trunk, as a sentence that says what to write instead; null when nothing is.</summary>
    public static string? TrunkProblem(TrunkOptions trunk)
    {
        if (string.IsNullOrEmpty(trunk.Name) || trunk.Name.Length > 64 || HasControls(trunk.Name))
            return "Name must be 1 to 64 characters, for example \"carrier\".";
        if (!SipUri.TryParse(trunk.Server, out var uri) || uri.User is not null)
            return $"\"{trunk.Server}\" is no server; write for example sip:pbx.example.com:5060;transport=tcp, without a user.";
        if (UriTransport.ProblemOf(Encoding.UTF8.GetBytes(trunk.Server)) is { } unreachable)
            return $"\"{trunk.Server}\" {unreachable}.";
        if (trunk.Register && string.IsNullOrEmpty(trunk.User ?? trunk.Credentials?.Username))
            return "User is needed to register: set it, or Credentials.";
        if (trunk.MaxCalls < 1)
            return $"MaxCalls is {trunk.MaxCalls}; write a number of 1 or more, or null for no limit.";
        if (HasControls(trunk.User) || HasControls(trunk.Credentials?.Username) || HasControls(trunk.Credentials?.Realm))
            return "User and Credentials must not hold control characters.";
        if (trunk.Domain is { } domain && (domain.Length == 0 || domain.AsSpan().ContainsAnyExcept(HostCharacters)))
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

    private static bool HasControls(string? text) =>
        text is not null && text.Any(char.IsControl);

    private static void Validate(SipListenerOptions listener)
    {
        if (listener.AdvertisedHost is { } host && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            throw new SipStartException(
                $"AdvertisedHost of {listener} is \"{host}\"; write a host name or an IP address, and the port into AdvertisedPort.");
        InRange(listener.ReceiveThreads, 1, 64, $"ReceiveThreads of {listener}");
        InRange(listener.ReceiveBufferSize, 4096, 1 << 30, $"ReceiveBufferSize of {listener}");
        InRange(listener.FirstMessageTimeout, 1, 3600, $"FirstMessageTimeout of {listener}");
        InRange(listener.IdleTimeout, 1, 86_400, $"IdleTimeout of {listener}");
        InRange(listener.MessageTimeout, 1, 3600, $"MessageTimeout of {listener}");
        InRange(listener.SendTimeout, 1, 300, $"SendTimeout of {listener}");
        InRange(listener.MaxConnections, 1, 10_000_000, $"MaxConnections of {listener}");
        InRange(listener.MaxConnectionsPerAddress, 1, 10_000_000, $"MaxConnectionsPerAddress of {listener}");
        InRange(listener.MaxSendBytes, 64 * 1024, 16 * 1024 * 1024, $"MaxSendBytes of {listener}");
        if (listener.MaxBufferedBytes is < 1 << 20 or > 1L << 34)
            throw new SipStartException(
                $"MaxBufferedBytes of {listener} is {listener.MaxBufferedBytes}; write a number from {1 << 20} to {1L << 34}.");
        InRange(listener.AdvertisedPort ?? 5060, 1, 65_535, $"AdvertisedPort of {listener}");
    }

    private static void Validate(AccessOptions access)
    {
        try
        {
            _ = new AccessList(access);
        }
        catch (ArgumentException exception)
        {
            throw new SipStartException($"Access.Rules: {exception.Message}");
        }
    }

    private static void Validate(MediaOptions media)
    {
        InRange(media.FirstPort, 1024, 65_534, "Media.FirstPort");
        InRange(media.LastPort, media.FirstPort + 1, 65_535, "Media.LastPort");
        InRange(media.Threads, 1, 64, "Media.Threads");
        InRange(media.OpusBitrate, 6000, 510_000, "Media.OpusBitrate");
        InRange(media.OpusComplexity, 0, 10, "Media.OpusComplexity");
        if (media.Timeout != TimeSpan.Zero)
            InRange(media.Timeout, 1, 3600, "Media.Timeout");
        InRange(media.Dscp, 0, 63, "Media.Dscp");
        InMilliseconds(media.JitterBufferMinimum, 0, 400, "Media.JitterBufferMinimum");
        InMilliseconds(media.JitterBufferMaximum, 40, 400, "Media.JitterBufferMaximum");
        if (media.JitterBufferMinimum > media.JitterBufferMaximum)
        {
            throw new SipStartException(
                $"Media.JitterBufferMinimum is {media.JitterBufferMinimum.TotalMilliseconds} ms, more than Media.JitterBufferMaximum"
                + $" ({media.JitterBufferMaximum.TotalMilliseconds} ms); write a smaller one, or a greater maximum.");
        }

        if (media.Codecs.Count == 0)
            throw new SipStartException("Media.Codecs is empty: leave the default (opus, G722, PCMA, PCMU), or add at least one.");
    }

    private static void ThatCanWork(Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException exception)
        {
            throw new SipStartException(exception.Message, exception);
        }
    }

    private static void InMilliseconds(TimeSpan value, double min, double max, string name)
    {
        if (value.TotalMilliseconds < min || value.TotalMilliseconds > max)
            throw new SipStartException($"{name} is {value.TotalMilliseconds} ms; write a time from {min} ms to {max} ms.");
    }

    private static void InRange(TimeSpan value, double minSeconds, double maxSeconds, string name)
    {
        if (value.TotalSeconds < minSeconds || value.TotalSeconds > maxSeconds)
            throw new SipStartException($"{name} is {value.TotalSeconds} s; write a time from {minSeconds} s to {maxSeconds} s.");
    }

    private static void InRange(int value, int min, int max, string name)
    {
        if (value < min || value > max)
            throw new SipStartException($"{name} is {value}; write a number from {min} to {max}.");
    }
}

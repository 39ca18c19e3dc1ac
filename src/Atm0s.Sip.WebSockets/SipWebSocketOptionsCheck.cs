using System.Globalization;

namespace Atm0s.Sip.WebSockets;

/// <summary>Finds settings that cannot work.</summary>
internal static class SipWebSocketOptionsCheck
{
    /// <summary>What is wrong, and what to write instead; null when nothing is.</summary>
    public static string? Fault(SipWebSocketOptions options) =>
        options.AllowedOrigins.Select(OriginFault).FirstOrDefault(static fault => fault is not null)
        ?? Range(nameof(options.MaxConnections), options.MaxConnections, 1, 1_000_000)
        ?? Range(nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 1, 1_000_000)
        ?? Time(nameof(options.FirstMessageTimeout), options.FirstMessageTimeout, 600)
        ?? Time(nameof(options.IdleTimeout), options.IdleTimeout, 86_400)
        ?? Time(nameof(options.MessageTimeout), options.MessageTimeout, 300)
        ?? Time(nameof(options.SendTimeout), options.SendTimeout, 300)
        ?? Time(nameof(options.KeepAliveInterval), options.KeepAliveInterval, 3600)
        ?? Time(nameof(options.KeepAliveTimeout), options.KeepAliveTimeout, 300)
        ?? Range(nameof(options.MaxSendBytes), options.MaxSendBytes, 64 * 1024, 16 * 1024 * 1024)
        ?? Range(nameof(options.MaxBufferedBytes), options.MaxBufferedBytes, 1024 * 1024, 16L * 1024 * 1024 * 1024);

    // RFC 6454 §6.2: scheme, host, and the port where it is not the scheme's own.
    private static string? OriginFault(string origin)
    {
        if (origin is "*" or "null")
            return null;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && origin == OriginRule.TextOf(uri)
            ? null
            : $"AllowedOrigins has \"{origin}\", which is no origin: write scheme, host and port alone, for example "
                + "https://phone.example.com or http://localhost:8080.";
    }

    private static string? Range(string name, long value, long min, long max) => value >= min && value <= max ? null
        : string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; write a number from {min} to {max}.");

    private static string? Time(string name, TimeSpan value, int maxSeconds) =>
        value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromSeconds(maxSeconds) ? null
        : string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; write a time from 1 s to {maxSeconds} s.");
}

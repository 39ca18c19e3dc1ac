namespace Atm0s.Sip;

/// <summary>
/// Names by which a host finds what the server tells of itself, for example <c>tracing.AddSource(SipTelemetry.ActivitySourceName)</c> and
/// <c>metrics.AddMeter(SipTelemetry.MeterNames)</c> of OpenTelemetry. What is told under them stands in docs/observability.md.
/// </summary>
public static class SipTelemetry
{
    /// <summary>The source of the traces: one for each call.</summary>
    public const string ActivitySourceName = "Atm0s.Sip";

    /// <summary>The meter of calls, registrations, trunks, handlers and limits.</summary>
    public const string ServerMeterName = "Atm0s.Sip.Server";

    /// <summary>The meter of SIP messages, transactions and connections.</summary>
    public const string CoreMeterName = "Atm0s.Sip.Core";

    /// <summary>The meter of audio: ticks, packets, ports.</summary>
    public const string MediaMeterName = "Atm0s.Sip.Media";

    /// <summary>The meter of the HTTP hooks (package Atm0s.Sip.Hooks.Http).</summary>
    public const string HooksMeterName = "Atm0s.Sip.Hooks.Http";

    /// <summary>All of these meters. A new array each time.</summary>
    public static string[] MeterNames => [ServerMeterName, CoreMeterName, MediaMeterName, HooksMeterName];
}

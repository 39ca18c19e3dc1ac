using Atm0s.Sip.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.HookCalls;

/// <summary>For whom the host is asked.</summary>
internal interface IHookOrigin
{
    /// <summary>Where it is logged what went wrong.</summary>
    ILogger Logger { get; }

    /// <summary>Its trace; null where nobody wants one.</summary>
    CallTrace? Trace { get; }
}

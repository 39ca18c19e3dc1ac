using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>What the handshakes log, by event number.</summary>
internal static partial class DtlsLog
{
    [LoggerMessage(3040, LogLevel.Warning, "A DTLS handshake as {Role} failed: {Failure} ({Why})")]
    public static partial void HandshakeFailed(ILogger logger, DtlsRole role, MediaFailure failure, string why);
}

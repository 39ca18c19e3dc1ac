using System.Net.Sockets;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>No connection to the hook server: what was to be sent was not.</summary>
internal sealed class HookConnectException(SocketError error) : IOException(error.ToString())
{
    public SocketError Error { get; } = error;
}

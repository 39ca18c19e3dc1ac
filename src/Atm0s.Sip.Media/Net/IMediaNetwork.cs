using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Atm0s.Sip.Media.Net;

/// <summary>Where media sockets come from. Callable from any thread.</summary>
public interface IMediaNetwork
{
    /// <summary>Binds a UDP socket. Never throws for an address or a port that can't be had.</summary>
    /// <param name="address">Local address; the wildcard is allowed.</param>
    /// <param name="port">Local port, 1 to 65535.</param>
    /// <param name="socket">The socket; the caller disposes of it.</param>
    /// <returns>False when the port is taken or the address is not ours.</returns>
    bool TryBind(IPAddress address, int port, [NotNullWhen(true)] out IMediaSocket? socket);
}

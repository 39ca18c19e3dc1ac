using System.Net;

namespace Atm0s.Sip.Media.Net;

/// <summary>Where media sockets come from. Callable from any thread.</summary>
public interface IMediaNetwork
{
    /// <summary>Binds a UDP socket. Never throws for an address or a port that can't be had.</summary>
    /// <param name="address">Local address; the wildcard is allowed.</param>
    /// <param name="port">Local port, 1 to 65535.</param>
    /// <param name="socket">
    /// The socket, to be disposed of by the caller; null unless the result is <see cref="MediaBindResult.Bound"/>.
    /// </param>
    /// <returns>Whether it is bound, and if not, why.</returns>
    MediaBindResult Bind(IPAddress address, int port, out IMediaSocket? socket);
}

using System.Net;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.LoadGenerator.Host;

/// <summary>
/// Media sockets that are none: a call costs what its signalling and its room cost, without the system's part in its audio.
/// </summary>
internal sealed class DeafNetwork : IMediaNetwork
{
    public MediaBindResult Bind(IPAddress address, int port, out IMediaSocket? socket)
    {
        socket = new DeafSocket(new IPEndPoint(address, port));
        return MediaBindResult.Bound;
    }
}

using System.Net;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transport;

/// <summary>Where a response goes (RFC 3261 §18.2.2, RFC 3581 §4).</summary>
public static class ResponseTarget
{
    /// <summary>The way back to the client of a request.</summary>
    /// <param name="flow">Where the request came from.</param>
    /// <param name="request">The request.</param>
    public static SipFlow For(SipFlow flow, SipMessage request)
    {
        // Over a connection: the connection; when it is gone, see Reopened. With rport: the source. Without: the source's address, and the
        // port of sent-by, 5060 by default.
        if (flow.IsReliable)
            return flow;
        var via = request.TopVia;
        if (via.HasRport)
            return flow;
        var port = via.Port == 0 ? 5060 : via.Port;
        return port == flow.RemoteEndPoint.Port ? flow : flow.To(new IPEndPoint(flow.RemoteEndPoint.Address, port));
    }

    /// <summary>
    /// Where a response goes whose connection is gone: to the address that the request came from, at the port in sent-by, over a connection
    /// that is opened for it (RFC 3261 §18.2.2).
    /// </summary>
    /// <param name="flow">Where the request came from.</param>
    /// <param name="sentByPort">Port of sent-by in its first Via, or 0 when there is none.</param>
    public static IPEndPoint Reopened(SipFlow flow, int sentByPort) =>
        new(flow.RemoteEndPoint.Address, sentByPort == 0 ? flow.Protocol.DefaultPort() : sentByPort);
}

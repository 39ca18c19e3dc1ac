using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Doctor.Facts;

/// <summary>The machine, as far as a SIP server depends on it. Null where the system does not tell.</summary>
internal interface ISystemFacts
{
    /// <summary>Addresses of the interfaces that are up.</summary>
    IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>Ports that the system gives to sockets that ask for none.</summary>
    (int First, int Last)? EphemeralPorts { get; }

    /// <summary>The lowest port that everybody may open.</summary>
    int FirstUnprivilegedPort { get; }

    /// <summary>Descriptors that the process may have (<c>ulimit -n</c>).</summary>
    long? MaxDescriptors { get; }

    /// <summary>Threads and processes that the user or the container may have.</summary>
    long? MaxThreads { get; }

    /// <summary>Bytes that a socket may ask for to receive (<c>net.core.rmem_max</c>).</summary>
    long? MaxReceiveBuffer { get; }

    /// <summary>Processors that the process may use; a fraction in a container.</summary>
    double Processors { get; }

    /// <summary>Whether the process runs in a container.</summary>
    bool IsContainer { get; }

    /// <summary>Whether a port can be opened; it is closed again.</summary>
    PortState Probe(SipTransportProtocol protocol, IPEndPoint endPoint);

    /// <summary>The addresses of a name; empty when there are none.</summary>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);

    /// <summary>How much later than wanted a thread wakes up, at the median and at the worst of some tries.</summary>
    (TimeSpan Median, TimeSpan Worst) MeasureTimer();
}

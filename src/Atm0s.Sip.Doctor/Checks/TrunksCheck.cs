using System.Globalization;
using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Doctor.Pings;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>Every trunk has an address, is reached by a listener, and answers.</summary>
internal sealed class TrunksCheck : IDoctorCheck
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(500);

    public string Name => "trunks";

    public async ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken) =>
        await Task.WhenAll(context.Server.Trunks.Select(trunk => ExamineAsync(trunk, context, cancellationToken))).ConfigureAwait(false);

    private async Task<DoctorFinding> ExamineAsync(TrunkOptions trunk, DoctorContext context, CancellationToken cancellationToken)
    {
        if (!SipUri.TryParse(trunk.Server, out var uri))
        {
            return DoctorFinding.Failed(
                Name, $"{trunk.Name}: \"{trunk.Server}\" is no SIP address", "Write for example sip:pbx.example.com:5060;transport=tcp.");
        }

        var protocol = uri.Scheme == SipUriScheme.Sips || uri.Transport == "tls" ? SipTransportProtocol.Tls
            : uri.Transport == "tcp" ? SipTransportProtocol.Tcp : SipTransportProtocol.Udp;
        var addresses = await context.Facts.ResolveAsync(uri.Host, cancellationToken).ConfigureAwait(false);
        if (addresses.Count == 0)
            return DoctorFinding.Failed(
                Name, $"{trunk.Name}: the name {uri.Host} is not known", "See whether it is written right, and the DNS.");
        var (reached, listener) = addresses.Select(address => (address, ListenerFor(context.Server, protocol, address)))
            .FirstOrDefault(way => way.Item2 is not null);
        if (listener is null)
        {
            return DoctorFinding.Failed(
                Name,
                $"{trunk.Name}: no listener speaks {protocol.ToViaToken()} to {addresses[0]}",
                $"Add a listener for {protocol.ToName()} of that family, for example "
                + $"{protocol.ToName()}://{(addresses[0].GetAddressBytes().Length == 4 ? "0.0.0.0" : "[::]")}:{protocol.DefaultPort()}.");
        }

        var end = new IPEndPoint(reached, uri.Port == 0 ? protocol.DefaultPort() : uri.Port);
        var where = $"{protocol.ToName()}://{end}";
        if (!context.Options.PingTrunks)
            return DoctorFinding.Ok(Name, $"{trunk.Name} is at {where}; it was not asked");
        var target = new PingTarget($"sip:{uri.Host}", protocol, end);
        if (protocol == SipTransportProtocol.Tls)
        {
            target = target with
            {
                Peer = new TlsPeer(uri.Host, trunk.Tls),
                Listener = listener,
                Tls = listener.Tls ?? context.Server.Tls,
            };
        }

        var answer = await context.Ping.PingAsync(target, context.Options.TrunkTimeout, cancellationToken).ConfigureAwait(false);
        return Judge(trunk, where, answer);
    }

    private DoctorFinding Judge(TrunkOptions trunk, string where, PingResult answer)
    {
        var took = answer.Took.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        if (answer.Status == 0 && answer.IsRefusedByTls)
        {
            return DoctorFinding.Failed(
                Name,
                $"{trunk.Name} at {where}: TLS does not come about: {answer.Problem}",
                "See Tls.TrustedRoots, and Tls.ServerName, Tls.TrustedRoots and Tls.Certificate of the trunk: calls would fail the same way.");
        }

        if (answer.Status == 0)
        {
            return DoctorFinding.Failed(
                Name,
                $"{trunk.Name} at {where} does not answer: {answer.Problem}",
                "See whether the address and port are right and a firewall lets them through; some carriers answer known addresses only.");
        }

        if (answer.Status >= 500)
        {
            return DoctorFinding.Warning(
                Name, $"{trunk.Name} at {where} answers {answer.Status} after {took} ms: it is there, but has a fault", "Ask who runs it.");
        }

        // A refusal shows that somebody is there who speaks SIP: not all know OPTIONS from strangers.
        return answer.Took > Slow
            ? DoctorFinding.Warning(
                Name, $"{trunk.Name} at {where} answers {answer.Status} after {took} ms", "Calls begin as late as that; see the way there.")
            : DoctorFinding.Ok(Name, $"{trunk.Name} at {where} answers {answer.Status} after {took} ms");
    }

    private static SipListenerOptions? ListenerFor(SipServerOptions server, SipTransportProtocol protocol, IPAddress address) =>
        server.Listeners.FirstOrDefault(listener => listener.Protocol == protocol && listener.EndPoint.AddressFamily == address.AddressFamily
            && (!IPAddress.IsLoopback(listener.EndPoint.Address) || IPAddress.IsLoopback(address)));
}

using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Registrar;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>The phones of a user as targets (RFC 3261 §16.5). Any thread.</summary>
/// <param name="registrar">Knows them.</param>
/// <param name="domains">Knows what we call ourselves towards them.</param>
/// <param name="stack">Has the ways.</param>
internal sealed class UserTargets(RegistrarService registrar, OwnDomains domains, SipStack stack)
{
    /// <summary>Most phones of one user that ring for a call, the ones that have registered last.</summary>
    public const int Max = 10;

    /// <summary>The phones of a user in the order they are rung; empty when none is registered.</summary>
    /// <param name="username">The user.</param>
    /// <param name="order">Whether all of them are one group, or those of one q value (RFC 3261 §10.2.1.2).</param>
    /// <param name="toNumber">Number shown as called; null takes the user name.</param>
    public IReadOnlyList<IReadOnlyList<OutboundTarget>> Find(string username, RingOrder order, string? toNumber)
    {
        var phones = new List<Binding>();
        foreach (var binding in registrar.BindingsOf(username))
        {
            if (phones.Count < Max && !phones.Exists(known => IsSame(known, binding)))
                phones.Add(binding);
        }

        return
        [
            .. phones
                .GroupBy(phone => order == RingOrder.ByPriority ? phone.Quality : 0)
                .OrderByDescending(group => group.Key)
                .Select(group => (IReadOnlyList<OutboundTarget>)[.. group.Select(phone => Of(phone, toNumber))]),
        ];
    }

    /// <summary>One phone.</summary>
    public OutboundTarget Of(Binding binding, string? toNumber)
    {
        var flow = binding.FlowForRequests(stack);
        var domain = domains.HostTowards(flow, binding.Info.AddressOfRecord);
        var toUri = $"sip:{SipEscapes.EscapeUser(toNumber ?? binding.Info.Username)}@{domain}";
        return new OutboundTarget(flow, binding.Info.Contact, toUri, domain, IsRegistered: true)
        {
            Routes = binding.Info.Path,
            Username = binding.Info.Username,
        };
    }

    // One phone that is there twice would ring twice: with several flows, of which one is used at a time (RFC 5626 §5.3), or over two
    // transports.
    private static bool IsSame(Binding known, Binding other) =>
        known.Info is { InstanceId: { } device, RegId: not null } && other.Info.InstanceId == device && other.Info.RegId is not null
        || (known.Info.Source.Address.Equals(other.Info.Source.Address)
            && SipUri.TryParse(known.Info.Contact, out var one)
            && SipUri.TryParse(other.Info.Contact, out var two)
            && (one.User, one.Host, PortOf(one)) == (two.User, two.Host, PortOf(two)));

    private static int PortOf(SipUri uri) => uri.Port == 0 ? 5060 : uri.Port;
}

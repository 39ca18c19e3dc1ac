using System.Net;
using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Authentication;

/// <summary>The IP rules, read once.</summary>
internal sealed class AccessList(AccessOptions options)
{
    private readonly (NetworkSet Network, AccessAction Action)[] _rules = [
        .. options.Rules.Select(r => (new NetworkSet(r.Network), r.Action))];

    /// <summary>What the first fitting rule says, or null when none fits.</summary>
    public AccessAction? Find(IPAddress source)
    {
        foreach (var (network, action) in _rules)
        {
            if (network.Contains(source))
                return action;
        }

        return null;
    }
}

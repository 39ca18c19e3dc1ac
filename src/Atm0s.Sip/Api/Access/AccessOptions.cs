namespace Atm0s.Sip;

/// <summary>IP rules for phones and servers that register or call. The first rule whose network holds the source address counts; an address
/// that no rule names is challenged.
/// A trunk's own networks (<see cref="TrunkOptions.Networks"/>) are asked after the rules: a rule that refuses wins over a trunk.</summary>
public sealed class AccessOptions
{
    /// <summary>The rules, in order. Empty by default.</summary>
    public IList<AccessRule> Rules { get; } = [];

    /// <summary>Adds rules for networks that need no password.</summary>
    /// <param name="networks">Addresses and CIDR blocks.</param>
    /// <returns>These options.</returns>
    public AccessOptions Trust(params IEnumerable<string> networks) => Add(AccessAction.Trust, networks);

    /// <summary>Adds rules for networks that are challenged; to be put before a wider network that is trusted or refused.</summary>
    /// <param name="networks">Addresses and CIDR blocks.</param>
    /// <returns>These options.</returns>
    public AccessOptions Challenge(params IEnumerable<string> networks) => Add(AccessAction.Challenge, networks);

    /// <summary>Adds rules for networks that may neither register nor call.</summary>
    /// <param name="networks">Addresses and CIDR blocks; <c>0.0.0.0/0</c> and <c>::/0</c> at the end make a list of those who may.</param>
    /// <returns>These options.</returns>
    public AccessOptions Refuse(params IEnumerable<string> networks) => Add(AccessAction.Refuse, networks);

    private AccessOptions Add(AccessAction action, IEnumerable<string> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        foreach (var network in networks)
            Rules.Add(new AccessRule(network, action));
        return this;
    }
}

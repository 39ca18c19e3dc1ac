using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="AccessOptions"/>.</summary>
internal static class AccessSettings
{
    private static readonly SettingTable<AccessRule> Rule = new SettingTable<AccessRule>()
        .Value(nameof(AccessRule.Network), Values.Network, rule => rule.Network, (rule, network) => rule with { Network = network })
        .Note("An address or a CIDR block.")
        .Value(
            nameof(AccessRule.Action),
            Values.Choice<AccessAction>(),
            rule => rule.Action,
            (rule, action) => rule with { Action = action })
        .Note("What is done with requests from there.");

    /// <summary>Those that have an order.</summary>
    public static Setting<AccessOptions> Rules { get; } =
        new ItemsSetting<AccessOptions, AccessRule>(nameof(AccessOptions.Rules), Rule, options => options.Rules)
        {
            New = static _ => new AccessRule("", AccessAction.Challenge),
            Read = static (_, text) => ReadRule(text),
            Text = Values.Text("a rule, for example \"Trust 10.0.0.0/8\""),
            ProblemOf = static rule => rule.Network.Length == 0 ? "Network is missing; write for example \"Trust 10.0.0.0/8\"." : null,
        };

    public static SettingTable<AccessOptions> Table { get; } = new SettingTable<AccessOptions>()
        .Add(Rules)
        .Live()
        .Add(new NetworksSetting(AccessAction.Refuse))
        .Note("Networks that may neither register nor call. After the rules; of those that hold an address, the smallest network counts.")
        .Add(new NetworksSetting(AccessAction.Challenge))
        .Note("Networks that are challenged, for exceptions from a wider network that is trusted or refused.")
        .Add(new NetworksSetting(AccessAction.Trust))
        .Note("Networks that need no password.");

    private static AccessRule ReadRule(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts is [var action, var network] && Values.Choice<AccessAction>().TryRead(action, out var read)
            && Values.Network.TryRead(network, out _)
            ? new AccessRule(network, read)
            : throw new FormatException(
                $"\"{ConfigurationPlace.Quote(text)}\" is no rule; write Trust, Challenge or Refuse and a network, for example \"Trust"
                + " 10.0.0.0/8\".");
    }
}

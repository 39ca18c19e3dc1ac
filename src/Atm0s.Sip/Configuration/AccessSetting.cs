using System.Net.Sockets;
using Atm0s.Sip.Configuration.Tables;
using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Configuration;

/// <summary>
/// The IP rules: those of <c>Rules</c> in their order, then those of <c>Trust</c>, <c>Challenge</c> and <c>Refuse</c>, the smallest network
/// first and of two that are alike the refusal: a configuration has no order among its keys.
/// </summary>
internal sealed class AccessSetting() : Setting<SipServerOptions>(nameof(SipServerOptions.Access))
{
    private readonly GroupSetting<SipServerOptions, AccessOptions> _group = new(
        nameof(SipServerOptions.Access), AccessSettings.Table, static options => options.Access, static (options, _) => options);

    public override SipServerOptions Bind(SipServerOptions owner, ConfigurationPlace place)
    {
        var rules = owner.Access.Rules;
        if (place.HasChildren)
            rules.Clear();
        _group.Bind(owner, place);
        // As they are read, from a list or from a text: those behind them are the short ways to write rules.
        var ordered = AccessSettings.Rules.Bind(new AccessOptions(), place.Child(nameof(AccessOptions.Rules))).Rules.Count;
        var others = rules.Skip(ordered).OrderByDescending(rule => PrefixOf(rule.Network)).ToList();
        for (var i = 0; i < others.Count; i++)
            rules[ordered + i] = others[i];
        return owner;
    }

    public override void Check(SipServerOptions owner, string path, SettingNames names) => _group.Check(owner, path, names);

    public override bool IsSame(SipServerOptions one, SipServerOptions other) => _group.IsSame(one, other);

    public override void TakeOver(SipServerOptions running, SipServerOptions next, string path, ReloadNotes notes) =>
        _group.TakeOver(running, next, path, notes);

    public override SettingShape Describe(SipServerOptions defaults) => _group.Describe(defaults);

    // Only networks of one family can hold one another; an IPv4 address that is written as IPv6 counts as IPv4.
    private static int PrefixOf(string network)
    {
        var parsed = NetworkSet.ParseAll([network])[0];
        return parsed.PrefixLength + (parsed.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 96 : 0);
    }
}

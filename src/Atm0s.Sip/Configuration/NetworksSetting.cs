using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration;

/// <summary>Networks that all have the same IP rule: a short way to write rules, without an order of one's own.</summary>
/// <param name="action">What is done with requests from there; its name is the key.</param>
internal sealed class NetworksSetting(AccessAction action) : Setting<AccessOptions>(action.ToString())
{
    public override AccessOptions Bind(AccessOptions owner, ConfigurationPlace place) =>
        new ListSetting<AccessOptions, string>(Name, Values.Network, static _ => [], (options, networks) =>
        {
            foreach (var network in networks)
                options.Rules.Add(new AccessRule(network, action));
            return options;
        }).Bind(owner, place);

    public override void Check(AccessOptions owner, string path, SettingNames names)
    {
        // What it has set are rules like others.
    }

    public override bool IsSame(AccessOptions one, AccessOptions other) => true;

    public override void TakeOver(AccessOptions running, AccessOptions next, string path, ReloadNotes notes)
    {
        // The same.
    }

    public override SettingShape Describe(AccessOptions defaults) =>
        new(typeof(AccessOptions), Name) { Format = Values.Network, IsList = true, Reload = ReloadKind.Live, Note = Note };
}

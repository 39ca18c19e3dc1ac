namespace Atm0s.Sip.Configuration;

/// <summary>One setting of an options class: how it is read from a configuration, checked, and taken over by a running server.</summary>
/// <typeparam name="TOwner">The options class.</typeparam>
/// <param name="name">Name of the property, which is the key in the configuration.</param>
internal abstract class Setting<TOwner>(string name)
{
    public string Name => name;

    /// <summary>What a running server does when it has changed.</summary>
    public ReloadKind Reload { get; set; }

    /// <summary>Whether its value is never shown.</summary>
    public bool IsSecret { get; set; }

    /// <summary>Whether it is such a setting, or has one below it.</summary>
    public virtual bool HasSecret => IsSecret;

    /// <summary>What people read about it where no property has a comment of its own.</summary>
    public string? Note { get; set; }

    /// <summary>Sets it from what stands at a place.</summary>
    /// <exception cref="SipStartException">It can't be read, or is out of range.</exception>
    public abstract TOwner Bind(TOwner owner, ConfigurationPlace place);

    /// <summary>Checks its range, however it was set.</summary>
    /// <param name="owner">The options.</param>
    /// <param name="path">Where they are, for example <c>Calls.</c></param>
    /// <param name="names">How settings are called in messages.</param>
    /// <exception cref="SipStartException">It is out of range.</exception>
    public abstract void Check(TOwner owner, string path, SettingNames names);

    /// <summary>Whether two options agree in it.</summary>
    public abstract bool IsSame(TOwner one, TOwner other);

    /// <summary>Gives a running server's options what has changed and can change, and notes all that has.</summary>
    public abstract void TakeOver(TOwner running, TOwner next, string path, ReloadNotes notes);

    /// <summary>What it is, for messages, the schema of editors and the manual.</summary>
    /// <param name="defaults">The options as they are when nothing is set.</param>
    public abstract SettingShape Describe(TOwner defaults);
}

namespace Atm0s.Sip.Configuration;

/// <summary>What has changed with a reload, by path.</summary>
internal sealed class ReloadNotes
{
    /// <summary>What is in force now.</summary>
    public List<string> Applied { get; } = [];

    /// <summary>What will be in force after a restart.</summary>
    public List<string> NeedRestart { get; } = [];

    public bool IsEmpty => Applied.Count == 0 && NeedRestart.Count == 0;
}

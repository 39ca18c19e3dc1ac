using Atm0s.Sip.Configuration.Tables;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Server;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Configuration;

/// <summary>Takes over what has changed in valid settings.</summary>
internal static class SettingsReload
{
    private static readonly string[] PasswordLimits =
    [
        "Authentication.MaxWrongPasswordsPerSource",
        "Authentication.WrongPasswordRecovery",
        "Authentication.MaxWrongPasswordsPerUser",
        "Authentication.WrongPasswordWindow",
    ];

    /// <summary>Takes them over, and tells log and watchers.</summary>
    /// <param name="running">The settings in force; they change.</param>
    /// <param name="next">The new ones, which can work.</param>
    /// <param name="parts">The running server.</param>
    /// <param name="logger">Log.</param>
    /// <returns>What has changed.</returns>
    /// <exception cref="SipStartException">
    /// A new trunk has the name of one that the host has added, or needs a transport that no listener speaks before a restart: nothing was
    /// changed.
    /// </exception>
    public static SipServerEvent.SettingsChanged Apply(SipServerOptions running, SipServerOptions next, ServerParts parts, ILogger logger)
    {
        // First what can be refused: trunks alone can, for listeners stay as they are and the program may add trunks at any time.
        var trunks = new ReloadNotes();
        parts.Trunks.ChangeTogether(() => ChangeTrunks(running, next, parts, trunks));
        var notes = new ReloadNotes();
        ServerSettings.Table.TakeOver(running, next, "", notes);
        parts.Renew(passwords: notes.Applied.Exists(PasswordLimits.Contains));
        notes.Applied.AddRange(trunks.Applied);
        var changed = new SipServerEvent.SettingsChanged(notes.Applied, notes.NeedRestart);
        if (notes.Applied.Count > 0)
            ServerLog.SettingsChanged(logger, string.Join(", ", notes.Applied));
        if (notes.NeedRestart.Count > 0)
            ServerLog.SettingsNeedRestart(logger, string.Join(", ", notes.NeedRestart));
        if (!notes.IsEmpty)
            parts.Events.Tell(changed);
        return changed;
    }

    private static void ChangeTrunks(SipServerOptions running, SipServerOptions next, ServerParts parts, ReloadNotes notes)
    {
        RefuseWhatCantWork(running, next, parts);
        foreach (var old in running.Trunks.Where(old => next.Trunks.All(trunk => trunk.Name != old.Name)))
        {
            // Nobody waits until its server has answered.
            _ = parts.Trunks.RemoveAsync(old.Name);
            notes.Applied.Add($"Trunks.{old.Name}");
        }

        foreach (var trunk in next.Trunks)
        {
            var old = running.Trunks.FirstOrDefault(old => old.Name == trunk.Name);
            if (old is not null && TrunkSettings.Table.AreSame(old, trunk))
                continue;
            if (old is null || !parts.Trunks.TryChange(trunk))
                parts.Trunks.Add(trunk);
            notes.Applied.Add($"Trunks.{trunk.Name}");
        }

        running.Trunks.Clear();
        foreach (var trunk in next.Trunks)
            running.Trunks.Add(trunk);
    }

    private static void RefuseWhatCantWork(SipServerOptions running, SipServerOptions next, ServerParts parts)
    {
        for (var i = 0; i < next.Trunks.Count; i++)
        {
            var trunk = next.Trunks[i];
            var old = running.Trunks.FirstOrDefault(other => other.Name == trunk.Name);
            if (old is null && parts.Trunks.TryGet(trunk.Name, out _))
                throw new SipStartException("Trunks", $"There is a trunk named \"{trunk.Name}\" already, which the program has added.");
            if (old is not null && TrunkSettings.Table.AreSame(old, trunk))
                continue;
            // The new settings may have a listener for it, which is opened by the next start alone.
            if (SipServerOptionsValidator.TrunkProblem(trunk, parts.Stack.Spoken) is { } problem)
                throw new SettingNames(next.Source).Problem($"Trunks[{i}]", $": {problem} New listeners are opened by a restart.");
        }
    }
}

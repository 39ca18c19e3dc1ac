using System.Text;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>The call of ours whose dialog a Replaces names, as it was when it was looked for on its shard.</summary>
/// <param name="Call">The call.</param>
/// <param name="Info">What is known of it.</param>
/// <param name="Kind">What its dialog was.</param>
/// <param name="EndsWithOthers">Whether it ends with the others of its room.</param>
internal sealed record ReplacedCall(Call Call, CallInfo Info, ReplacedDialog Kind, bool EndsWithOthers)
{
    /// <summary>Looks for it (RFC 3891 §3): to-tag is our tag, from-tag that of the other side.</summary>
    /// <param name="asker">The call that wants to know.</param>
    /// <param name="replaces">What it was told.</param>
    /// <param name="onFound">Gets the dialog, or null, on the shard of <paramref name="asker"/>.</param>
    public static void Find(Call asker, Replaces replaces, Action<ReplacedCall?> onFound)
    {
        asker.Services.Stack.ShardOf(Encoding.UTF8.GetBytes(replaces.CallId)).Post(shard =>
        {
            var found = ReplacesRule.Find(shard.Dialogs, replaces) is CallDialog dialog ? Of(dialog) : null;
            asker.Post(() => onFound(found));
        });
    }

    private static ReplacedCall Of(CallDialog dialog)
    {
        var call = dialog.Call;
        var kind = call.HasEnded || dialog.Open is { IsEnding: true } ? ReplacedDialog.Ended
            : dialog.Open is not null ? ReplacedDialog.Confirmed
            : dialog.Sip.OwnsCallId ? ReplacedDialog.EarlyOwn
            : ReplacedDialog.EarlyPeer;
        return new ReplacedCall(call, call.Info, kind, call.EndsWithOthers);
    }
}

using System.Text;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>A dialog of ours that a Replaces names, as it was when it was looked for on its shard.</summary>
/// <param name="Call">Its call.</param>
/// <param name="Info">What is known of that call.</param>
/// <param name="State">How far it had come.</param>
/// <param name="IsEarly">Whether it was not confirmed yet.</param>
/// <param name="WeCalled">Whether we had sent the INVITE that made it.</param>
/// <param name="EndsWithOthers">Whether that call ends with the others of its room.</param>
internal sealed record ReplacedDialog(Call Call, CallInfo Info, CallState State, bool IsEarly, bool WeCalled, bool EndsWithOthers)
{
    /// <summary>Looks for it (RFC 3891 §3): to-tag is our tag, from-tag that of the other side.</summary>
    /// <param name="asker">The call that wants to know.</param>
    /// <param name="replaces">What it was told.</param>
    /// <param name="onFound">Gets the dialog, or null, on the shard of <paramref name="asker"/>.</param>
    public static void Find(Call asker, Replaces replaces, Action<ReplacedDialog?> onFound)
    {
        var callId = Encoding.UTF8.GetBytes(replaces.CallId);
        Action<SipShard> search = shard =>
        {
            var isFound = shard.Dialogs.TryGet(
                callId, Encoding.UTF8.GetBytes(replaces.ToTag), Encoding.UTF8.GetBytes(replaces.FromTag), out var user);
            var found = isFound && user is CallDialog dialog ? Of(dialog) : null;
            asker.Post(() => onFound(found));
        };
        asker.Services.Stack.ShardOf(callId).Post(static (shard, search, _) => ((Action<SipShard>)search!)(shard), search, null);
    }

    private static ReplacedDialog Of(CallDialog dialog)
    {
        var call = dialog.Call;
        return new ReplacedDialog(
            call, call.Info, call.State, IsEarly: dialog.Open is null, WeCalled: dialog.Sip.OwnsCallId, call.EndsWithOthers);
    }
}

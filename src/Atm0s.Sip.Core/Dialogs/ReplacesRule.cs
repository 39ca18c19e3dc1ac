using System.Text;
using Atm0s.Sip.Core.Messages.Fields;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>The rules of an INVITE with Replaces (RFC 3891 §3).</summary>
internal static class ReplacesRule
{
    /// <summary>Judges the INVITE.</summary>
    /// <param name="reading">What reading its Replaces came to.</param>
    /// <param name="isEarlyOnly">Whether only an early dialog may be replaced.</param>
    /// <param name="found">The dialog it names.</param>
    /// <param name="isAuthorized">Whether the caller may replace that dialog.</param>
    public static ReplacesVerdict Judge(FieldReading reading, bool isEarlyOnly, ReplacedDialog found, bool isAuthorized)
    {
        if (reading != FieldReading.Ok)
            return reading == FieldReading.Absent ? ReplacesVerdict.Ordinary : ReplacesVerdict.BadRequest;
        switch (found)
        {
            case ReplacedDialog.Ended:
                return ReplacesVerdict.Declined;
            // RFC 3891 §3: an early dialog that we have not begun is left alone.
            case ReplacedDialog.None or ReplacedDialog.EarlyPeer:
                return ReplacesVerdict.NoDialog;
        }

        // RFC 3891 §3: an active dialog: authorization comes first.
        if (!isAuthorized)
            return ReplacesVerdict.Forbidden;
        if (found == ReplacedDialog.EarlyOwn)
            return ReplacesVerdict.ReplaceAndCancel;
        return isEarlyOnly ? ReplacesVerdict.Busy : ReplacesVerdict.ReplaceAndBye;
    }

    /// <summary>Status code of a verdict; 0 when the INVITE goes on.</summary>
    /// <param name="verdict">The verdict.</param>
    public static int StatusOf(ReplacesVerdict verdict) => verdict switch
    {
        ReplacesVerdict.BadRequest => 400,
        ReplacesVerdict.Forbidden => 403,
        ReplacesVerdict.NoDialog => 481,
        ReplacesVerdict.Busy => 486,
        ReplacesVerdict.Declined => 603,
        _ => 0,
    };

    /// <summary>
    /// Finds the dialog: to-tag is our tag, from-tag the peer's. RFC 3891 §6.1: a tag of zero also stands for none (RFC 2543). §3: when
    /// both kinds are there, there is no match.
    /// </summary>
    /// <typeparam name="T">What stands behind a dialog.</typeparam>
    /// <param name="dialogs">The dialogs of the shard of its Call-ID.</param>
    /// <param name="replaces">The field.</param>
    public static T? Find<T>(DialogTable<T> dialogs, Replaces replaces)
        where T : class
    {
        var callId = Encoding.ASCII.GetBytes(replaces.CallId);
        var local = Encoding.ASCII.GetBytes(replaces.ToTag);
        var remote = Encoding.ASCII.GetBytes(replaces.FromTag);
        dialogs.TryGet(callId, local, remote, out var found);
        // Our own tag is never empty, so only the peer's may stand for none.
        if (remote is not [(byte)'0'] || !dialogs.TryGet(callId, local, [], out var untagged))
            return found;
        return found is null ? untagged : null;
    }
}

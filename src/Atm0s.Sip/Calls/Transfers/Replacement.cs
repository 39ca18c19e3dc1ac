using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>
/// The place that an INVITE with Replaces takes (RFC 3891 §3): the room of another call, under its name. The host is not asked, for it has
/// admitted who is replaced; <see cref="ReplaceRules"/> say who may. What is refused leaves the other call as it is.
/// </summary>
internal sealed class Replacement
{
    private readonly Call _call;
    private readonly ReplacedCall _old;

    private Replacement(Call call, ReplacedCall old)
    {
        _call = call;
        _old = old;
    }

    /// <summary>The room.</summary>
    public string RoomId => _old.Info.RoomId!;

    /// <summary>Whether the other call ends with the others of its room.</summary>
    public bool EndsWithOthers => _old.EndsWithOthers;

    /// <summary>
    /// As what the new call comes there: under the same name, so that in a room of ours the place changes hands in one step; in one of the
    /// host's it is the host who sees the name.
    /// </summary>
    public ParticipantOptions Participant => new()
    {
        Id = _old.Info.ParticipantId,
        Attributes = _old.Info.Attributes,
        Muted = _old.Call.Orders.IsMuted,
        Encryption = _old.Call.Participant.Encryption,
        Codecs = _old.Call.Participant.Codecs,
    };

    /// <summary>Whether an INVITE wants to take a place.</summary>
    public static bool IsFor(SipMessage invite) => invite.TryGetHeader(SipHeaderId.Replaces, out _);

    /// <summary>Looks for the place.</summary>
    /// <param name="call">The new call.</param>
    /// <param name="invite">Its INVITE.</param>
    /// <param name="onFound">Gets the place; without one the new call ends.</param>
    public static void Find(Call call, SipMessage invite, Action<Replacement> onFound)
    {
        var reading = Replaces.Read(invite, out var replaces);
        if (reading != FieldReading.Ok)
        {
            Refuse(call, ReplacesRule.Judge(reading, false, ReplacedDialog.None, isAuthorized: false));
            return;
        }

        ReplacedCall.Find(call, replaces!, old =>
        {
            if (call.HasEnded)
                return;
            // Who has no room yet has no place that could be taken.
            var kind = old?.Info.RoomId is null ? ReplacedDialog.None : old.Kind;
            var isAuthorized = kind != ReplacedDialog.None && MayReplace(call, old!);
            var verdict = ReplacesRule.Judge(reading, replaces!.IsEarlyOnly, kind, isAuthorized);
            if (verdict is ReplacesVerdict.ReplaceAndBye or ReplacesVerdict.ReplaceAndCancel)
                onFound(new Replacement(call, old!));
            else
                Refuse(call, verdict);
        });
    }

    /// <summary>The new call is about to join: who still rings for the other call rings for this one from now on.</summary>
    public void Claim() => _call.Services.Rings.Release(_old.Call.Id);

    /// <summary>
    /// The new call has its seat: mute and gain, rule and streams are those of the other, before anybody hears it, and who has a rule about
    /// the other has it about this one.
    /// </summary>
    public void Seat() => _call.Follow(_old.Call);

    /// <summary>The new call is answered: the other ends, by a BYE or, when it was still ringing, by a CANCEL.</summary>
    public void TakeOver()
    {
        _call.Note("replaces", $"takes the place of call {_old.Call.Id}");
        _call.Succeed(_old.Call);
        // Whom the host holds does not hear the room from another phone. The music is the other's as long as that is there.
        if (_old.Call.Hold.IsOn)
            _ = _call.Handle.HoldAsync();
        _old.Call.PostEnd(new CallEnd(CallEndCause.Replaced, 480, "another call has taken its place"));
    }

    private static bool MayReplace(Call call, ReplacedCall old)
    {
        var places = RoomMerge.Others(call.Services, old.Info.RoomId, call).Select(other => other.Info).Append(old.Info);
        return ReplaceRules.MayReplace(call.Info, places, call.Services.Options.Authentication.RequireForCalls);
    }

    private static void Refuse(Call call, ReplacesVerdict verdict) => call.End(new CallEnd(
        CallEndCause.Rejected,
        ReplacesRule.StatusOf(verdict),
        verdict switch
        {
            ReplacesVerdict.BadRequest => "Replaces can't be read, or stands there twice",
            ReplacesVerdict.Forbidden => "the call to be replaced is not the caller's, nor with him",
            ReplacesVerdict.Busy => "the call to be replaced is answered",
            ReplacesVerdict.Declined => "the call to be replaced is over",
            _ => "there is no such call to be replaced",
        }));
}

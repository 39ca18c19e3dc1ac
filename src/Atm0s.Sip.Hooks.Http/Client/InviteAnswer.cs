using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Makes the decision from the answer of <c>/invite</c>.</summary>
internal static class InviteAnswer
{
    private const int BusyHere = 486;
    private const int MaxText = 256;

    /// <summary>All fields.</summary>
    /// <exception cref="System.Text.Json.JsonException">Not such an object.</exception>
    public static InviteHookResponse Read(byte[] body) => HookJson.Read(body, HookContracts.Wire.InviteHookResponse);

    /// <summary>The original's two fields, and nothing else of the body.</summary>
    /// <exception cref="System.Text.Json.JsonException">Not such an object.</exception>
    public static InviteHookResponse ReadOriginal(byte[] body)
    {
        var answer = HookJson.Read(body, OriginalJson.Wire.OriginalInviteAnswer);
        return new InviteHookResponse { Strategy = answer.Strategy, RoomId = answer.RoomId };
    }

    /// <summary>The decision; without a room or with values that can't be used it is 486.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="waitTimeout">How long to wait for others; null takes the server's default.</param>
    /// <param name="wrong">What is wrong with the answer, or null.</param>
    /// <param name="earlyMedia">Whether who waits hears the room.</param>
    public static InviteDecision Decide(InviteHookResponse answer, TimeSpan? waitTimeout, out string? wrong, bool earlyMedia = false)
    {
        wrong = null;
        try
        {
            return answer.Strategy == InviteStrategy.Reject ? Refuse(answer, out wrong) : Admit(answer, waitTimeout, earlyMedia, out wrong);
        }
        catch (ArgumentException)
        {
            // Its message may quote the answer.
            wrong = "the hook's code, reason, redirect, participant or stream is none that can be used";
            return InviteDecision.Reject(BusyHere);
        }
    }

    private static InviteDecision Refuse(InviteHookResponse answer, out string? wrong)
    {
        wrong = null;
        if (answer.Redirect is { } contacts)
            return InviteDecision.Redirect(contacts);
        if (answer.Reason is { Length: > MaxText })
            return Wrong("the hook's reason is longer than 256 characters", out wrong);
        return InviteDecision.Reject(answer.Code ?? BusyHere, answer.Reason);
    }

    private static InviteDecision Admit(InviteHookResponse answer, TimeSpan? waitTimeout, bool earlyMedia, out string? wrong)
    {
        wrong = null;
        if (answer.Strategy == InviteStrategy.Unknown)
            return Wrong("the hook's strategy is none of Reject, Accept, WaitOtherPeers", out wrong);
        if (string.IsNullOrEmpty(answer.RoomId))
            return Wrong("the hook gave no room", out wrong);
        if (answer.RoomId.Length > MaxText || answer.RoomId.Any(char.IsControl))
            return Wrong("the hook's room is longer than 256 characters or holds control characters", out wrong);
        var options = answer.Participant is { } participant ? ToOptions(participant) : null;
        if (answer.Stream is { } stream)
            options = (options ?? ParticipantOptions.Default) with { Stream = stream.ToOptions() };
        return answer.Strategy == InviteStrategy.Accept
            ? InviteDecision.JoinRoom(answer.RoomId, answer.EndWhenOthersLeave ?? true, options)
            : InviteDecision.WaitForOthers(answer.RoomId, waitTimeout, options, earlyMedia);
    }

    private static ParticipantOptions ToOptions(InviteHookParticipant participant)
    {
        // It is written into logs and events.
        if (participant.Id is { } id && id.Any(char.IsControl))
            throw new ArgumentException("A participant's id holds no control characters.", nameof(participant));
        return new ParticipantOptions
        {
            Id = participant.Id,
            Attributes = participant.Attributes ?? ParticipantOptions.Default.Attributes,
            Muted = participant.Muted,
        };
    }

    private static InviteDecision Wrong(string what, out string wrong)
    {
        wrong = what;
        return InviteDecision.Reject(BusyHere);
    }
}

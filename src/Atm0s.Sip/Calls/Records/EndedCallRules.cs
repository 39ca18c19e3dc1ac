using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Records;

/// <summary>What a filter asks for, and which calls belong to each other.</summary>
internal static class EndedCallRules
{
    public static bool Matches(EndedCallFilter filter, CallReport call) =>
        (filter.Failed is not { } failed || call.HasFailed == failed)
        && (filter.Direction is not { } direction || call.Info.Direction == direction)
        && (filter.Cause is not { } cause || call.End?.Cause == cause)
        && (filter.RoomId is not { } room || call.Info.RoomId == room)
        && (filter.Trunk is not { } trunk || call.Info.Trunk == trunk)
        && (filter.Username is not { } user || call.Info.Username == user)
        && (filter.Since is not { } since || call.EndedAt >= since)
        && (filter.Text is not { Length: > 0 } text || Holds(call.Info, text));

    /// <summary>Whether an outgoing call was made for a caller: its host has said so, or it came into his room while he waited.</summary>
    public static bool IsMadeFor(CallReport outgoing, CallReport caller)
    {
        if (outgoing.Info.Direction != CallDirection.Outgoing || caller.Info.Direction != CallDirection.Incoming)
            return false;
        if (outgoing.ForCallId is { } id)
            return id == caller.Id;
        return outgoing.Info.RoomId is { } room && room == caller.Info.RoomId
            && outgoing.StartedAt >= caller.StartedAt
            && outgoing.StartedAt <= (caller.AnsweredAt ?? caller.EndedAt ?? DateTimeOffset.MaxValue);
    }

    /// <summary>Whether one may have been made for the other: <see cref="IsMadeFor"/> says whether it was.</summary>
    /// <param name="call">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="otherIsFor">The call that the other was made for, as its host has said; or null.</param>
    public static bool AreNear(CallReport call, CallInfo other, string? otherIsFor) =>
        call.ForCallId == other.CallId || otherIsFor == call.Id || (other.RoomId is { } room && room == call.Info.RoomId);

    /// <summary>The calls that belong to one, itself first: those made for it, or that it was made for.</summary>
    public static IReadOnlyList<CallReport> Related(CallReport call, IEnumerable<CallReport> all, int max)
    {
        var others = all.Where(other => other.Id != call.Id).ToList();
        var caller = call.Info.Direction == CallDirection.Incoming ? call : others.FirstOrDefault(other => IsMadeFor(call, other));
        if (caller is null)
            return [call];
        var rung = others.Append(call).Where(other => IsMadeFor(other, caller) && other.Id != call.Id).OrderBy(other => other.StartedAt);
        return [.. new[] { call }.Concat(caller.Id == call.Id ? [] : [caller]).Concat(rung).Take(max)];
    }

    private static bool Holds(CallInfo info, string text) =>
        Holds(info.From, text) || Holds(info.To, text) || Holds(info.Username, text) || Holds(info.RoomId, text)
        || Holds(info.CallId, text) || Holds(info.SipCallId, text) || Holds(info.Trunk, text);

    private static bool Holds(string? value, string text) => value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}

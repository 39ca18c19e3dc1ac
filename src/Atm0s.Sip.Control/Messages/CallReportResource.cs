using System.Text.Json.Serialization;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Control.Messages;

/// <summary>All that is known of a call but its messages.</summary>
public sealed record CallReportResource : CallSummaryResource
{
    /// <summary>What was decided, and why.</summary>
    public required IReadOnlyList<CallNoteResource> Notes { get; init; }

    /// <summary>What its audio was like in the course of time.</summary>
    public required IReadOnlyList<QualitySampleResource> Samples { get; init; }

    /// <summary>Ids of the calls that belong to it: who was rung for it, or for whom it was made.</summary>
    [JsonPropertyName("related_ids")]
    public required IReadOnlyList<string> RelatedIds { get; init; }

    internal static CallReportResource From(CallReport call, IReadOnlyList<CallReport> related) => Fill(call, new CallReportResource
    {
        Id = call.Id,
        SipCallId = call.Info.SipCallId,
        Direction = call.Info.Direction == CallDirection.Incoming ? "incoming" : "outgoing",
        FromNumber = call.Info.From,
        ToNumber = call.Info.To,
        State = NameOf(call.State),
        StartedAt = call.StartedAt,
        Failed = call.HasFailed,
        TurnedAway = call.WasTurnedAway,
        Notes = [.. call.Notes.Select(CallNoteResource.From)],
        Samples = [.. call.Samples.Select(QualitySampleResource.From)],
        RelatedIds = [.. related.Where(other => other.Id != call.Id).Select(other => other.Id)],
    });
}

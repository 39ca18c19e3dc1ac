using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Calls that have ended, the last first.</summary>
/// <param name="Calls">The calls.</param>
public sealed record EndedCallsResource(IReadOnlyList<CallSummaryResource> Calls)
{
    /// <summary>The <c>after</c> of the next page; left out when there are no more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Next { get; init; }

    internal static EndedCallsResource From(EndedCallPage page) =>
        new([.. page.Calls.Select(CallSummaryResource.From)]) { Next = page.Next };
}

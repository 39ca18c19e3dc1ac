namespace Atm0s.Sip;

/// <summary>Calls that have ended, the last that ended first.</summary>
/// <param name="Calls">The calls.</param>
/// <param name="Next">What <see cref="EndedCallFilter.After"/> of the next page is, or null when there are no more.</param>
public sealed record EndedCallPage(IReadOnlyList<CallReport> Calls, string? Next);

namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>Something that went wrong.</summary>
/// <param name="At">When; Unix time in milliseconds.</param>
/// <param name="Kind"><c>call</c>, <c>phone</c> or <c>trunk</c>.</param>
/// <param name="Text">What, in a sentence.</param>
/// <param name="CallId">Our id of the call, when it is about one.</param>
internal sealed record Happening(long At, string Kind, string Text, string? CallId);

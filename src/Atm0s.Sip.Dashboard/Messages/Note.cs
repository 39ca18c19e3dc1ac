namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>Something that was decided about a call.</summary>
/// <param name="At">Unix time in milliseconds.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Text">A sentence.</param>
internal sealed record Note(long At, string Subject, string Text);

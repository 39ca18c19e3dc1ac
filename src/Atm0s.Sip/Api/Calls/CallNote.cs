namespace Atm0s.Sip;

/// <summary>
/// Something that was decided about a call, and why.
/// </summary>
/// <param name="Timestamp">When (UTC).</param>
/// <param name="Subject">What it is about: <c>source</c>, <c>host</c>, <c>room</c>, <c>target</c>, <c>dialog</c>, <c>audio</c>,
/// <c>timer</c>, <c>hold</c> or <c>end</c>.</param>
/// <param name="Text">A sentence for who looks for the cause of something. Not stable; holds no password and no digit.</param>
public sealed record CallNote(DateTimeOffset Timestamp, string Subject, string Text);

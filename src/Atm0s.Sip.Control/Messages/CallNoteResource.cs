namespace Atm0s.Sip.Control.Messages;

/// <summary>Something that was decided about a call, and why.</summary>
/// <param name="Timestamp">When.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Text">The decision.</param>
public sealed record CallNoteResource(DateTimeOffset Timestamp, string Subject, string Text)
{
    internal static CallNoteResource From(CallNote note) => new(note.Timestamp, note.Subject, note.Text);
}

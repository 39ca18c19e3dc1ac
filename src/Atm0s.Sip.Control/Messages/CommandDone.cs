using System.ComponentModel.DataAnnotations;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A command was carried out.</summary>
/// <param name="Result"><c>done</c>, or <c>already_done</c> when nothing had to change.</param>
public sealed record CommandDone([property: AllowedValues("done", "already_done")] string Result);

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>What a setting may be, without the type of its value: for messages, for the schema of editors and for the manual.</summary>
/// <param name="kind">How its text is read.</param>
internal abstract class ValueFormat(ValueKind kind)
{
    public ValueKind Kind => kind;

    /// <summary>What to write, for the middle of a sentence: "a number from 1 to 5".</summary>
    public abstract string Advice { get; }

    /// <summary>A text that can be read, for people who have written another; null where <see cref="Advice"/> says enough.</summary>
    public virtual string? Example => null;

    /// <summary>Whether it may be left empty.</summary>
    public virtual bool IsOptional => false;

    /// <summary>Smallest number, bytes, or seconds.</summary>
    public virtual double? Min => null;

    /// <summary>Largest number, bytes, or seconds.</summary>
    public virtual double? Max => null;

    /// <summary>The names of a choice.</summary>
    public virtual IReadOnlyList<string> Names => [];
}

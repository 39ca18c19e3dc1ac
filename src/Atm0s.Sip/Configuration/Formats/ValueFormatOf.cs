using System.Diagnostics.CodeAnalysis;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>Reads and checks the values of a setting.</summary>
/// <typeparam name="TValue">Their type.</typeparam>
/// <param name="kind">How their text is read.</param>
internal abstract class ValueFormat<TValue>(ValueKind kind) : ValueFormat(kind)
{
    /// <summary>Reads a text, whether or not its value is allowed.</summary>
    public abstract bool TryRead(string text, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Whether the server can work with a value.</summary>
    public virtual bool Allows(TValue value) => true;

    /// <summary>A value as people read it.</summary>
    public abstract string Write(TValue value);
}

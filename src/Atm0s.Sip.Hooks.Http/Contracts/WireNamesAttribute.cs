namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>Says for the OpenAPI document that a text is the name of an enum's value, in snake_case.</summary>
/// <param name="source">The enum.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WireNamesAttribute(Type source) : Attribute
{
    public Type Source => source;
}

namespace Atm0s.Sip.Configuration.Formats;

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed class SwitchFormat() : ValueFormat<bool>(ValueKind.Switch)
{
    public override string Advice => "true or false";

    public override bool TryRead(string text, out bool value) => bool.TryParse(text, out value);

    public override string Write(bool value) => value ? "true" : "false";
}

namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>What a server can be asked.</summary>
[Flags]
internal enum Abilities
{
    None = 0,
    Options = 1,
    Register = 2,
    Call = 4,
    Audio = 8,
    All = Options | Register | Call | Audio,
}

namespace Atm0s.Sip.Core.Transactions;

/// <summary>What a <see cref="MatchKey"/> identifies.</summary>
internal enum MatchKeyKind : byte
{
    Client = 1,
    Server = 2,
    Rfc2543Server = 3,
    Dialog = 4,
    Merged = 5,
    StatelessTag = 6,
}

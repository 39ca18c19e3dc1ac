namespace Atm0s.Sip.Core.Runtime;

/// <summary>What a turn has collected and sends at its end. On the thread of the turn only.</summary>
internal interface ITurnOutput
{
    /// <summary>Sends it. Must not block or throw.</summary>
    void Flush();
}

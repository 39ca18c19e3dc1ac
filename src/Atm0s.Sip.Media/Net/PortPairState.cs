namespace Atm0s.Sip.Media.Net;

/// <summary>What a pool knows of a pair: one thread at a time has it.</summary>
internal struct PortPairState
{
    /// <summary>1 while it is out.</summary>
    public int InUse;

    /// <summary>What was heard there last.</summary>
    public HeardStream Heard;

    /// <summary>Timestamp since which it rests.</summary>
    public long Since;
}

namespace Atm0s.Sip.Streams;

/// <summary>What a program may send.</summary>
internal enum StreamMessageKind
{
    /// <summary>Nothing that is known.</summary>
    None,

    /// <summary>Audio to be heard after what waits.</summary>
    Media,

    /// <summary>Wants to know when what it has sent so far was heard.</summary>
    Mark,

    /// <summary>What waits is not to be heard.</summary>
    Clear,
}

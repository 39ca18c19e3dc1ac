namespace Atm0s.Sip.Media.Jitter;

/// <summary>What a sample was made of.</summary>
internal enum FillKind : byte
{
    /// <summary>Silence before anything was decoded.</summary>
    Nothing,

    /// <summary>A packet.</summary>
    Decoded,

    /// <summary>The decoder's idea of what is missing.</summary>
    Concealed,

    /// <summary>The silence or the noise of a pause.</summary>
    Pause,
}

namespace Atm0s.Sip.Media.Mixing;

/// <summary>What a tick may dispose of itself, unless a codec of the host is in it, which may take its time.</summary>
internal interface IQuickDisposal : IDisposable
{
    /// <summary>Whether its codecs are those of this library.</summary>
    bool IsQuick { get; }

    /// <summary>Whether a codec is of this library: its end neither waits nor throws.</summary>
    static bool IsOurs(object codec) => codec.GetType().Assembly == typeof(IQuickDisposal).Assembly;
}

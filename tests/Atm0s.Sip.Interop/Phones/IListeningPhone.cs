using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Phones;

/// <summary>A phone that records what it hears.</summary>
public interface IListeningPhone
{
    /// <summary>How it is set up.</summary>
    PhoneOptions Options { get; }

    /// <summary>What it has heard lately in its only call; empty when that has not begun.</summary>
    ValueTask<WavFile> RecordedAsync();
}

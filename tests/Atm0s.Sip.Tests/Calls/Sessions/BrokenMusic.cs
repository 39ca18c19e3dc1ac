using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Tests.Calls.Sessions;

/// <summary>Music of a host that throws when it is asked for.</summary>
internal sealed class BrokenMusic : IPcmEndpoint
{
    public int SampleRate => 8000;

    public bool Read(Span<short> frame) => throw new InvalidOperationException("no record");

    public void Write(ReadOnlySpan<short> frame)
    {
    }
}

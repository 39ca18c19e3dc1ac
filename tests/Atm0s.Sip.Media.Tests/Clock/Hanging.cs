using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>A member whose turn may take for ever.</summary>
internal sealed class Hanging : IPcmEndpoint, IDisposable
{
    private readonly ManualResetEventSlim _released = new();

    public volatile bool Hangs;

    /// <summary>Set as soon as it hangs.</summary>
    public ManualResetEventSlim Hung { get; } = new();

    /// <summary>Set when it came back.</summary>
    public ManualResetEventSlim IsBack { get; } = new();

    public int SampleRate => 8000;

    public void Release() => _released.Set();

    public bool Read(Span<short> frame)
    {
        if (!Hangs || Hung.IsSet)
            return false;
        Hung.Set();
        _released.Wait();
        IsBack.Set();
        return false;
    }

    public void Write(ReadOnlySpan<short> frame)
    {
    }

    public void Dispose()
    {
        _released.Dispose();
        Hung.Dispose();
        IsBack.Dispose();
    }
}

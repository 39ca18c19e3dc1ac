using System.Globalization;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>Counts the frames it hears.</summary>
internal sealed class Counter : IPcmEndpoint
{
    private volatile int _frames;

    public int Frames => _frames;

    /// <summary>Thread of the last frame.</summary>
    public int Thread { get; private set; }

    /// <summary>Nice value of that thread, on Linux.</summary>
    public int Nice { get; private set; }

    public int SampleRate => 8000;

    public bool Read(Span<short> frame) => false;

    public void Write(ReadOnlySpan<short> frame)
    {
        if (_frames == 0 && OperatingSystem.IsLinux())
            Nice = int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[1].Split(' ')[16], CultureInfo.InvariantCulture);
        Thread = Environment.CurrentManagedThreadId;
        _frames++;
    }

    /// <summary>Waits for some more frames.</summary>
    public bool Hears(int frames)
    {
        var wanted = _frames + frames;
        return SpinWait.SpinUntil(() => _frames >= wanted, TimeSpan.FromSeconds(20));
    }
}

using System.Diagnostics;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>A member that takes its time, and knows by whom it was asked.</summary>
/// <param name="work">What each frame takes.</param>
internal sealed class BusyMember(TimeSpan work) : IPcmEndpoint
{
    private readonly HashSet<int> _threads = [];
    private int _inside;
    private int _overlaps;
    private int _said;
    private int _heard;

    public int SampleRate => 8000;

    public int Overlaps => Volatile.Read(ref _overlaps);

    public int Said => Volatile.Read(ref _said);

    public int Heard => Volatile.Read(ref _heard);

    /// <summary>Threads that have asked it so far.</summary>
    public int Threads
    {
        get
        {
            lock (_threads)
                return _threads.Count;
        }
    }

    public bool Read(Span<short> frame)
    {
        Enter();
        lock (_threads)
            _threads.Add(Environment.CurrentManagedThreadId);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < work;)
            Thread.SpinWait(100);
        Interlocked.Increment(ref _said);
        frame.Fill(1);
        Leave();
        return true;
    }

    public void Write(ReadOnlySpan<short> frame)
    {
        Enter();
        Interlocked.Increment(ref _heard);
        Leave();
    }

    private void Enter()
    {
        if (Interlocked.Increment(ref _inside) > 1)
            Interlocked.Increment(ref _overlaps);
    }

    private void Leave() => Interlocked.Decrement(ref _inside);
}

namespace Atm0s.Sip.Media.Tests;

/// <summary>Bytes that a warmed action allocates on this thread.</summary>
internal static class AllocationMeter
{
    public static long Measure(Action action, int times = 200)
    {
        for (var i = 0; i < 50; i++)
            action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times; i++)
            action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

namespace Atm0s.Sip.Core.Tests;

/// <summary>Bytes that a piece of work allocates on this thread once it is warm.</summary>
internal static class AllocationMeter
{
    /// <summary>
    /// The least of some rounds: a thread that fills a pool for the first time, or the just-in-time compiler, allocates too.
    /// </summary>
    /// <param name="work">The work; run many times.</param>
    /// <returns>Bytes of one run.</returns>
    internal static double Measure(Action work)
    {
        const int runs = 200;
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < runs; i++)
                work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (double)least / runs;
    }
}

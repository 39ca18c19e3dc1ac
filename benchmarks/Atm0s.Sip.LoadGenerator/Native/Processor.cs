namespace Atm0s.Sip.LoadGenerator.Native;

/// <summary>The processors of the machine: the server has the first, the generator the last.</summary>
internal static unsafe class Processor
{
    /// <summary>Keeps all threads of this process, and those that they start, on one processor.</summary>
    /// <param name="number">From 0 to 63.</param>
    public static void PinProcess(int number)
    {
        var mask = 1UL << number;
        foreach (var thread in Directory.GetDirectories("/proc/self/task"))
            _ = LibC.SetAffinity(int.Parse(Path.GetFileName(thread), Culture.Invariant), sizeof(ulong), &mask);
    }

    /// <summary>How long a fixed piece of arithmetic takes here and now, in ms: a shared machine has fast and slow minutes.</summary>
    public static double MeasurePhase()
    {
        var best = double.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var start = Clock.Now;
            var x = (ulong)start | 1;
            for (var i = 0; i < 2_000_000; i++)
            {
                x ^= x << 13;
                x ^= x >> 7;
                x ^= x << 17;
            }

            // The result is used, or the loop would be left out.
            best = Math.Min(best, (Clock.Now - start + (long)(x & 1)) / 1e6);
        }

        return best;
    }
}

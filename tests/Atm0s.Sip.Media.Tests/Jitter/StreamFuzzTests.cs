namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>
/// Two million reads in each run. <c>ATM0S_FUZZ_READS</c> asks for another number for each case, <c>ATM0S_FUZZ_SEED</c> for another seed:
/// <c>ATM0S_FUZZ_READS=20000000 dotnet test tests/Atm0s.Sip.Media.Tests -c Release --filter StreamFuzz</c> reads 100 million.
/// </summary>
public sealed class StreamFuzzTests
{
    [TestCase("PCMA", 1_000_000)]
    [TestCase("PCMA PCMU", 780_000)]
    [TestCase("opus", 60_000)]
    [TestCase("opus PCMA", 80_000)]
    [TestCase("PCMU opus PCMA", 80_000)]
    public void Steps_OfAllKinds_BreakNoRule(string codecs, long reads)
    {
        if (long.TryParse(Environment.GetEnvironmentVariable("ATM0S_FUZZ_READS"), out var asked))
            reads = asked;
        if (!int.TryParse(Environment.GetEnvironmentVariable("ATM0S_FUZZ_SEED"), out var seed))
            seed = 42;
        var present = StreamFuzz.Codecs(codecs);
        if (present.Count == 0)
            Assert.Ignore("libopus is not here.");

        // Ever new streams, so that their beginnings are met often.
        const long Stream = 20_000;
        for (var done = 0L; done < reads; done += Stream)
        {
            using var fuzz = new StreamFuzz(unchecked(seed + (int)done), present);
            fuzz.Run(Math.Min(Stream, reads - done));
        }

        Assert.Pass($"{reads} reads with seed {seed}");
    }
}

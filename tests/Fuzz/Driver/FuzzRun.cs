namespace Atm0s.Sip.Fuzz.Driver;

/// <summary>Plays mutated inputs in this process, without coverage: where there is no AFL, and in the tests.</summary>
internal sealed class FuzzRun(FuzzTarget target, int seed)
{
    /// <summary>A hang of so long is a finding.</summary>
    public static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(1);

    /// <summary>Inputs played.</summary>
    public long Played { get; private set; }

    /// <summary>The first input that failed, or null.</summary>
    public byte[]? Failing { get; private set; }

    /// <summary>How it failed.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Plays until one fails or there are enough.</summary>
    /// <param name="isEnough">Asked before each input.</param>
    /// <param name="watchdog">Is told of each.</param>
    /// <returns>False when one failed.</returns>
    public bool Run(Func<long, bool> isEnough, Watchdog watchdog)
    {
        var seeds = target.Seeds().ToArray();
        var mutator = new InputMutator(seed, seeds);
        foreach (var good in seeds)
        {
            if (!Play(good, watchdog))
                return false;
        }

        while (!isEnough(Played))
        {
            if (!Play(mutator.Next(), watchdog))
                return false;
        }

        return true;
    }

    private bool Play(byte[] input, Watchdog watchdog)
    {
        watchdog.Begin(input);
        try
        {
            target.Run(input);
            Played++;
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, it is what is looked for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            (Failing, Failure) = (input, exception);
            return false;
        }
        finally
        {
            watchdog.End();
        }
    }
}

using Atm0s.Sip.LoadGenerator.Native;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>A server that the generator has started, or one that runs already.</summary>
internal class ServerUnderTest(string name, Target target, int processId, ChildProcess? process) : IAsyncDisposable
{
    public string Name => name;

    public Target Target => target;

    /// <summary>0 when nobody said: nothing can be measured inside it.</summary>
    public int ProcessId => processId;

    /// <summary>Null for one that runs already.</summary>
    protected ChildProcess? Process => process;

    /// <summary>What it can be asked, for a server of the generator's own; null elsewhere.</summary>
    public virtual HostReport? Ask(bool collect) => null;

    /// <summary>What it has allocated since the last time, by type; null where it can't be asked.</summary>
    public virtual string? AskTypes() => null;

    /// <summary>What OPTIONS, REGISTER and INVITE there is an answer for.</summary>
    public Abilities Can { get; init; } = Abilities.All;

    /// <summary>What it is measured at, where that is less than it can.</summary>
    public Abilities? MeasuredAt { get; init; }

    /// <summary>The number of a room that anybody may enter.</summary>
    public string OpenNumber { get; init; } = "conf";

    /// <summary>The number of a room that wants a password; the open one where there is no such.</summary>
    public string ClosedNumber { get; init; } = "conf";

    /// <summary>Waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It has ended, or says nothing for 60 s.</exception>
    public void WaitUntilReady()
    {
        // sipp answers an INVITE alone: what it makes of the OPTIONS does not matter as long as it is up.
        if (!Can.HasFlag(Abilities.Options))
        {
            Thread.Sleep(1000);
            return;
        }

        using var loop = new TrafficLoop(target);
        var probe = new Workload(new OptionsScript(target)) { MaxOutstanding = 1 };
        loop.Workloads.Add(probe);
        var limit = Clock.Now + (60 * Clock.Second);
        while (probe.Tally.Succeeded + probe.Tally.Failures.Keys.Count(status => status > 0) == 0)
        {
            if (process?.HasEnded == true || Clock.Now > limit)
                throw new InvalidOperationException($"{name} does not answer. {process?.Errors}");
            loop.Run(Clock.Now + (100 * Clock.Millisecond), () => probe.Tally.Succeeded > 0);
        }
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        process?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

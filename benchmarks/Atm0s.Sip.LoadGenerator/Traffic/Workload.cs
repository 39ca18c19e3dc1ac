using Atm0s.Sip.LoadGenerator.Native;
using Atm0s.Sip.LoadGenerator.Statistics;

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>Exchanges of one kind: so many at one time (closed loop), or so many a second (open loop).</summary>
internal sealed class Workload(Script script)
{
    private const int Burst = 64;
    private long _begun;

    public Script Script => script;

    /// <summary>Says when each begins; without one the next begins when one ends.</summary>
    public Pacer? Pacer { get; set; }

    /// <summary>How many there are at one time, at most.</summary>
    public int MaxOutstanding { get; set; } = 50_000;

    /// <summary>How many begin in all.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>The number of the first user, and how many there are.</summary>
    public (int First, int Count) Users { get; set; } = (0, 10_000);

    /// <summary>The number of the first source, and how many there are.</summary>
    public (int First, int Count) Sources { get; set; } = (0, 1);

    public Tally Tally { get; set; } = new();

    public int Outstanding { get; set; }

    /// <summary>Begins no more.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Were due, but too many were still going on.</summary>
    public long Shed { get; private set; }

    public bool IsDone => Outstanding == 0 && (IsStopped || _begun >= Limit);

    /// <summary>When the next begins, as far as that is known.</summary>
    public long Next => IsStopped || _begun >= Limit || Pacer is null ? long.MaxValue : Pacer.Due;

    /// <summary>Begins what is due.</summary>
    public void Begin(TrafficLoop loop, long now)
    {
        for (var i = 0; i < Burst && !IsStopped && _begun < Limit; i++)
        {
            var due = now;
            if (Pacer is null ? Outstanding >= MaxOutstanding : !Pacer.TryTake(now, out due))
                return;
            if (Outstanding >= MaxOutstanding)
            {
                Shed++;
                continue;
            }

            var exchange = loop.Open(this);
            exchange.User = Users.First + (int)(_begun % Users.Count);
            exchange.Source = Loopback.Source(Sources.First + (int)(_begun % Sources.Count));
            exchange.Due = due;
            _begun++;
            Outstanding++;
            Tally.Started++;
            script.Begin(loop, exchange, now);
        }
    }
}

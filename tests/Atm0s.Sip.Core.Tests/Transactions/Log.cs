using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

/// <summary>What a machine did, with the virtual milliseconds at which it did it.</summary>
internal abstract class Log
{
    internal TimeSpan Now { get; set; }

    internal bool CanSend { get; set; } = true;

    internal List<(double At, string What)> Events { get; } = [];

    internal List<byte[]> Sent { get; } = [];

    /// <summary>Milliseconds of everything sent.</summary>
    internal double[] SentAt => [.. Events.Where(e => e.What.StartsWith("send ", StringComparison.Ordinal)).Select(e => e.At)];

    /// <summary>What happened, without times.</summary>
    internal string[] What => [.. Events.Select(e => e.What)];

    /// <summary>Runs the machine's deadlines at their exact times until nothing is due at <paramref name="seconds"/>.</summary>
    internal void RunTo(IDeadlineItem item, double seconds)
    {
        var end = TimeSpan.FromSeconds(seconds);
        while (item.NextDeadline is { } next && next <= end)
        {
            Assert.That(next, Is.GreaterThanOrEqualTo(Now), "a deadline in the past");
            Now = next;
            item.OnDeadline(Now);
        }

        Now = end;
    }

    internal int Count(string what) => Events.Count(e => e.What == what);

    private protected void Add(string what) => Events.Add((Now.TotalMilliseconds, what));

    private protected bool AddSend(ReadOnlyMemory<byte> message)
    {
        var line = Msg.StartLine(message.Span);
        Add("send " + (line.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? line[8..11] : line.Split(' ')[0]));
        Sent.Add(message.ToArray());
        return CanSend;
    }
}

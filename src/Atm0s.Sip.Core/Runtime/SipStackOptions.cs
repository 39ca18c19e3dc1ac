using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>Settings of a <see cref="SipStack"/>.</summary>
internal sealed class SipStackOptions
{
    /// <summary>Number of shards, 1 to 256. Default: one per processor. Every call lives on exactly one.</summary>
    public int ShardCount { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>
    /// Messages that may wait for one shard, 16 to 1,000,000. Default 10,000: some 2 s of work at full speed; what comes beyond is dropped
    /// and counted, and the peer's retransmission brings it again.
    /// </summary>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>
    /// Server transactions that may be on one shard, 100 to 10,000,000. Default 100,000. Beyond, answered ones that merely linger give way;
    /// when all are at work, new requests are answered 503 with Retry-After. Requests inside dialogs have a quarter more.
    /// </summary>
    public int MaxTransactions { get; set; } = 100_000;

    /// <summary>
    /// Bytes that server transactions may take on one shard, 1 MiB to 1 GiB. Default 64 MiB: answered ones that merely linger take some 600
    /// bytes with their response, so that is 3,300 requests a second for the 32 s that each lingers. Beyond, those that linger longest give
    /// way; their clients' late repetitions are taken for new requests. New requests are refused only when those at work fill it; requests
    /// inside dialogs have a quarter more.
    /// </summary>
    public int MaxTransactionBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How long messages may wait for their shard, 0 to 10 s; default 50 ms. When they wait longer for a second and more, a part of the new
    /// requests is answered 503 with Retry-After; zero means no limit.
    /// </summary>
    public TimeSpan MaxQueueTime { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Size limits for received messages.</summary>
    public SipLimits Limits { get; set; } = SipLimits.Default;

    /// <summary>Protocol timers (RFC 3261 §17, table 4).</summary>
    public SipTimers Timers { get; set; } = SipTimers.Default;

    /// <summary>Value of the <c>Server</c> and <c>User-Agent</c> headers, or null to send none.</summary>
    public string? Product { get; set; } = "Atm0s.Sip";

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Says which value and what it may be.</exception>
    public void Validate()
    {
        Check(ShardCount, 1, 256, nameof(ShardCount));
        Check(QueueCapacity, 16, 1_000_000, nameof(QueueCapacity));
        Check(MaxTransactions, 100, 10_000_000, nameof(MaxTransactions));
        Check(MaxTransactionBytes, 1024 * 1024, 1024 * 1024 * 1024, nameof(MaxTransactionBytes));
        Timers.Validate();

        static void Check(int value, int min, int max, string name)
        {
            if (value < min || value > max)
                throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {min} to {max}.");
        }
    }
}

namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>
/// Whether the pool runs the shards that a full batch woke, while the receiving thread reads on. Only where their work is heavy: what takes
/// a few microseconds is done sooner than handed over. Found out by running a batch here now and then.
/// </summary>
internal sealed class HandOverRule
{
    /// <summary>Full batches that are handed over before one is measured again.</summary>
    public const int Batches = 15;

    private const int FewestPieces = 16;

    private static readonly TimeSpan Heavy = TimeSpan.FromMicroseconds(20);

    private int _left;

    /// <summary>For the next full batch.</summary>
    public bool Next()
    {
        if (_left == 0)
            return false;
        _left--;
        return true;
    }

    /// <summary>A full batch was run here.</summary>
    /// <param name="pieces">Pieces of work that were done; few say nothing, as where somebody else had the shards.</param>
    /// <param name="time">Time of the processor that it took, with the reading of the messages.</param>
    public void OnRan(int pieces, TimeSpan time)
    {
        if (pieces >= FewestPieces)
            _left = time > pieces * Heavy ? Batches : 0;
    }
}

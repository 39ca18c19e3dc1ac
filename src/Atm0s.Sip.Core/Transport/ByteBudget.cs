namespace Atm0s.Sip.Core.Transport;

/// <summary>Bytes that may be kept for all connections of a listener together. Any thread.</summary>
/// <param name="max">The limit.</param>
internal sealed class ByteBudget(long max)
{
    private long _used;

    /// <summary>Bytes in use.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes so many; false, and none, when there are not so many left.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= max)
            return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    /// <summary>Gives some back.</summary>
    public void Return(int bytes) => Interlocked.Add(ref _used, -bytes);
}

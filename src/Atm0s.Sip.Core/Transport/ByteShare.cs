namespace Atm0s.Sip.Core.Transport;

/// <summary>What one connection may take of a <see cref="ByteBudget"/>. Any thread.</summary>
internal sealed class ByteShare(ByteBudget budget, int source, bool isReceived)
{
    /// <summary>Takes so many; false, and none, when there are not so many left.</summary>
    public bool TryTake(int bytes) => budget.TryTake(bytes, source, isReceived);

    /// <summary>Gives some back.</summary>
    public void Return(int bytes) => budget.Return(bytes, source, isReceived);
}

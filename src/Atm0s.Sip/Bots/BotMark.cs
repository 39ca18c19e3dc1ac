namespace Atm0s.Sip.Bots;

/// <summary>A place in what a bot says, and who is told when it is reached.</summary>
internal sealed class BotMark(long position, Action<bool> onDone)
{
    /// <summary>Samples before it.</summary>
    public long Position => position;

    /// <summary>Gets whether all before it was heard.</summary>
    public Action<bool> OnDone => onDone;

    /// <summary>Whether something before it was dropped.</summary>
    public bool IsDropped { get; set; }
}

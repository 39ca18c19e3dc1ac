namespace Atm0s.Sip;

/// <summary>Something that a bot is told.</summary>
public abstract record RoomBotEvent
{
    private RoomBotEvent()
    {
    }

    /// <summary>Others begin to talk, or have stopped: after 60 ms of voice, and after half a second without.</summary>
    /// <param name="IsTalking">Whether they talk.</param>
    public sealed record Talking(bool IsTalking) : RoomBotEvent
    {
        internal static Talking Begun { get; } = new(true);

        internal static Talking Over { get; } = new(false);
    }

    /// <summary>A phone of the room pressed a key, and keys go on (<see cref="CallOptions.RelayDigits"/>).</summary>
    /// <param name="Key">One of <c>0123456789*#ABCD</c>.</param>
    /// <param name="Duration">How long it was held.</param>
    public sealed record Digit(char Key, TimeSpan Duration) : RoomBotEvent
    {
        /// <summary>Does not show the key: people type card numbers and PINs.</summary>
        public override string ToString() => "Digit";
    }

    /// <summary>Somebody came to the room, connected or left; told as long as at most three others are connected.</summary>
    /// <param name="Count">Other members, connecting ones included.</param>
    /// <param name="Connected">Those of them that are connected.</param>
    public sealed record Others(int Count, int Connected) : RoomBotEvent;
}

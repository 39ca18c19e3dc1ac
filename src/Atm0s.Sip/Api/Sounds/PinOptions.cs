namespace Atm0s.Sip;

/// <summary>How callers are asked for a PIN (<see cref="PinInviteHandler"/>).</summary>
public sealed class PinOptions
{
    /// <summary>
    /// Finds the room of a PIN; null when there is none. Called off the media and signalling threads; told to give up when the caller has
    /// hung up, or after <see cref="FindRoomTimeout"/>.
    /// </summary>
    public required Func<string, Hooks.InviteRequest, CancellationToken, ValueTask<string?>> FindRoom { get; set; }

    /// <summary>
    /// How long finding a room may take: 100 ms to 1 minute, default 5 s. Then the caller is hung up on.
    /// </summary>
    public TimeSpan FindRoomTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The number that is dialled for it; others are left to <see cref="Other"/>. Null (default) for every number.</summary>
    public string? Number { get; set; }

    /// <summary>What decides about calls to other numbers; null (default) refuses them with 404.</summary>
    public Hooks.IInviteHandler? Other { get; set; }

    /// <summary>How the digits are asked for: prompts, times, how many. Default: 4 to 16 digits, <c>#</c> at the end.</summary>
    /// <exception cref="ArgumentException">More digits at least than at most.</exception>
    public GatherOptions Gather
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = GatherOptions.Check(value, nameof(value));
        }
    } = new() { MinDigits = 4 };

    /// <summary>What is played after a wrong PIN; null takes two falling notes.</summary>
    public AudioClip? Wrong { get; set; }

    /// <summary>
    /// What is played before who has typed none but wrong ones, or whose room gives no seat, is hung up on; null for nothing.
    /// </summary>
    public AudioClip? Goodbye { get; set; }

    /// <summary>How many wrong PINs end the call: 1 to 10, default 3.</summary>
    public int Tries { get; set; } = 3;

    /// <summary>
    /// How many wrong PINs one caller may type within <see cref="WrongWindow"/>, in however many calls; beyond, his calls are refused with
    /// 480. A caller is a user that has shown his password, or a number that calls over a trunk. 1 to 1,000, default 10.
    /// </summary>
    public int MaxWrongPerCaller { get; set; } = 10;

    /// <summary>
    /// The same for one address (IPv6: one /64) of callers whom nobody vouches for, whatever numbers they say: there may be an office
    /// behind it. 1 to 1,000, default 30.
    /// </summary>
    public int MaxWrongPerSource { get; set; } = 30;

    /// <summary>
    /// The same for all callers of one trunk, or one trusted address, together: the numbers that a carrier tells can be made up. 1 to
    /// 100,000, default 200.
    /// </summary>
    public int MaxWrongPerTrunk { get; set; } = 200;

    /// <summary>How long a wrong PIN counts, from the first one on: 1 s to 1 day, default 10 min.</summary>
    public TimeSpan WrongWindow { get; set; } = TimeSpan.FromMinutes(10);
}

using System.Collections.ObjectModel;

namespace Atm0s.Sip;

/// <summary>As what a program comes into a room (<see cref="ISipServer.AddParticipantAsync"/>).</summary>
public sealed record RoomBotOptions
{
    /// <summary>
    /// Name in the room, 1 to 256 characters; null takes one that nobody else has. Who is in the room under this name leaves it.
    /// </summary>
    public string? Id
    {
        get;
        init
        {
            if (value is not null && (value.Length is 0 or > 256 || value.Any(char.IsControl)))
                throw new ArgumentException("A name has 1 to 256 characters and no control characters; null takes one.", nameof(value));
            field = value;
        }
    }

    /// <summary>Rate of what it says and hears, in Hz: 8000, 16000 (default), 24000 or 48000.</summary>
    public int SampleRate
    {
        get;
        init
        {
            if (value is not (8000 or 16_000 or 24_000 or 48_000))
                throw new ArgumentOutOfRangeException(nameof(value), value, "Rates are 8000, 16000, 24000 and 48000 Hz.");
            field = value;
        }
    }

    = 16_000;

    /// <summary>The host's own words about it. Empty by default.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether the room does not hear it until <see cref="RoomBot.Mute"/> says otherwise. Default false.</summary>
    public bool Muted { get; init; }

    /// <summary>How much louder the room hears it: -40 to +20 dB, default 0.</summary>
    public double Gain
    {
        get;
        init
        {
            if (value is not (>= -40 and <= 20))
                throw new ArgumentOutOfRangeException(nameof(value), value, "The gain is from -40 to +20 dB.");
            field = value;
        }
    }

    /// <summary>
    /// How much may wait to be heard, 20 ms to 10 min: beyond, <see cref="RoomBot.Say"/> takes no more and <see cref="RoomBot.SayAsync"/>
    /// waits. Default 60 s; memory is taken for what does wait, and given back when it was heard.
    /// </summary>
    public TimeSpan MaxQueued
    {
        get;
        init => field = Checked(value, TimeSpan.FromMinutes(10));
    }

    = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How much of what it hears is kept for it, 20 ms to 1 min; beyond, the oldest is lost (<see cref="RoomBot.Missed"/>). Default 2 s.
    /// </summary>
    public TimeSpan MaxUnheard
    {
        get;
        init => field = Checked(value, TimeSpan.FromMinutes(1));
    }

    = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether it leaves when all others have left the room; other bots that leave with others, and media streams, do not count. Default
    /// true: else it keeps the room for itself. One that comes when they have gone already stays, for nobody leaves any more: a bot for a
    /// caller is brought by <see cref="ISipCall.AddParticipantAsync"/>, which does not come too late.
    /// </summary>
    public bool LeaveWithOthers { get; init; } = true;

    /// <summary>Whether it is told when others talk (<see cref="RoomBotEvent.Talking"/>). Default true.</summary>
    public bool DetectTalking { get; init; } = true;

    /// <summary>Hears and says frame by frame; null (default) for a bot that reads and writes by itself.</summary>
    public RoomBotFrame? OnFrame { get; init; }

    /// <summary>Is told what happens, off the media threads and the thread pool, one after the other; beside <see cref="RoomBot.Events"/>.</summary>
    public Action<RoomBotEvent>? OnEvent { get; init; }

    private static TimeSpan Checked(TimeSpan value, TimeSpan longest)
    {
        if (value < TimeSpan.FromMilliseconds(20) || value > longest)
            throw new ArgumentOutOfRangeException(nameof(value), value, $"From 20 ms to {longest}.");
        return value;
    }
}

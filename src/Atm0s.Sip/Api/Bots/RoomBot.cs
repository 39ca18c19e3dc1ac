using System.Threading.Channels;
using Atm0s.Sip.Bots;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip;

/// <summary>
/// A program in a room, as much a member as a phone: made by <see cref="ISipServer.AddParticipantAsync"/>. What it says waits in a queue
/// and is heard at the pace of the room, 20 ms at a time; what the room says waits for it. All members may be used from any thread.
/// </summary>
public sealed class RoomBot : IAsyncDisposable
{
    private readonly BotPlace _place;
    private readonly BotPort _port;
    private readonly TaskCompletionSource<string> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal RoomBot(BotPlace place, BotPort port, RoomBotOptions options)
    {
        _place = place;
        _port = port;
        Attributes = options.Attributes;
        Heard = new HeardFrames(port);
    }

    /// <summary>Its name in the room.</summary>
    public string Id => _place.ParticipantId;

    /// <summary>The room; the last one after it has left.</summary>
    public string RoomId => _place.RoomId;

    /// <summary>Rate of what it says and hears, in Hz.</summary>
    public int SampleRate => _port.Rate;

    /// <summary>Samples of 20 ms.</summary>
    public int FrameLength => _port.FrameLength;

    /// <summary>The host's own words about it.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; }

    /// <summary>Whether the room does not hear it.</summary>
    public bool IsMuted => _port.IsMuted;

    /// <summary>How much louder the room hears it, in dB.</summary>
    public double Gain => _port.Gain;

    /// <summary>Whether others talk; always false without <see cref="RoomBotOptions.DetectTalking"/>.</summary>
    public bool OthersTalk => _port.Work.IsTalking;

    /// <summary>How much waits to be heard.</summary>
    public TimeSpan Queued => _port.TimeOf(_port.Speech.Count);

    /// <summary>How much of what it might have heard was lost because nobody took it in time.</summary>
    public TimeSpan Missed => _port.TimeOf(_port.Hearing.Lost);

    /// <summary>What the room says, as frames of 20 ms, each an array of its own. Completes when it has left.</summary>
    public ChannelReader<ReadOnlyMemory<short>> Heard { get; }

    /// <summary>What happens to it; at most the last 256 that nobody has read. Completes when it has left.</summary>
    public ChannelReader<RoomBotEvent> Events => _port.Work.Events;

    /// <summary>Completes when it has left, with the reason; never fails.</summary>
    public Task<string> Left => _left.Task;

    /// <summary>Lets the room hear it no more, or again. What it says goes by all the while.</summary>
    /// <param name="muted">True to mute.</param>
    public void Mute(bool muted = true) => _port.IsMuted = muted;

    /// <summary>Lets the room hear it louder or softer.</summary>
    /// <param name="decibels">-40 to +20 dB; 0 is as it comes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public void SetGain(double decibels)
    {
        if (decibels is not (>= -40 and <= 20))
            throw new ArgumentOutOfRangeException(nameof(decibels), decibels, "The gain is from -40 to +20 dB.");
        _port.Gain = decibels;
    }

    /// <summary>Lets it hear others than all in its room, or be heard by others than all (to whisper, to coach).</summary>
    /// <param name="rule">
    /// The rule, with members as <see cref="ISipCall"/>, <see cref="RoomBot"/> or <see cref="IPcmEndpoint"/>;
    /// <see cref="MemberRule.Default"/> ends it. When it goes to another room, the rule does not hold there.
    /// </param>
    /// <returns>False when it has left.</returns>
    /// <exception cref="ArgumentException">Something else is among the members.</exception>
    public bool SetRule(MemberRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return _place.SetRule(rule);
    }

    /// <summary>Says something, after what waits.</summary>
    /// <param name="samples">Mono, at <see cref="SampleRate"/>; any number.</param>
    /// <returns>
    /// Samples taken: fewer than given when more than <see cref="RoomBotOptions.MaxQueued"/> would wait, none when it has left.
    /// </returns>
    public int Say(ReadOnlySpan<short> samples) => _port.Work.IsOver ? 0 : _port.Speech.Write(samples);

    /// <summary>Says something, after what waits, and waits as long as there is no room for it.</summary>
    /// <param name="samples">Mono, at <see cref="SampleRate"/>; any number.</param>
    /// <param name="cancellationToken">Gives up; what was taken by then is said.</param>
    /// <returns>Completes when all was taken, or when it has left.</returns>
    public async ValueTask SayAsync(ReadOnlyMemory<short> samples, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            samples = samples[Say(samples.Span)..];
            if (samples.IsEmpty || _port.Work.IsOver)
                return;
            var room = _port.Work.WaitForRoomAsync();
            if (_port.Speech.Free == 0)
                await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Drops what waits, because others have begun to talk: the room hears no more of it than the frame that is under way.
    /// </summary>
    /// <returns>How much was heard, and how much was dropped.</returns>
    public BotPlayback Flush() => _port.Work.Flush();

    /// <summary>Waits until the room has heard all that was said so far.</summary>
    /// <returns>
    /// False when some of it was dropped by <see cref="Flush"/>, or because it has left; also when that was before it was asked, as long as
    /// nothing more was said.
    /// </returns>
    public Task<bool> WhenHeardAsync() => _port.Work.WhenHeardAsync();

    /// <summary>Takes what it has heard, without waiting and without allocating.</summary>
    /// <param name="samples">Where to; any length.</param>
    /// <returns>Samples written, 0 when there is nothing yet.</returns>
    public int TryHear(Span<short> samples) => _port.Hearing.Read(samples);

    /// <summary>Takes what it has heard; waits when there is nothing yet.</summary>
    /// <param name="samples">Where to; at least one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Samples written; 0 when it has left.</returns>
    public async ValueTask<int> HearAsync(Memory<short> samples, CancellationToken cancellationToken = default)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("There must be room for a sample.", nameof(samples));
        while (true)
        {
            var more = _port.Work.WaitForAudioAsync();
            var count = TryHear(samples.Span);
            if (count > 0 || _port.Work.IsOver)
                return count;
            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The same as a stream of bytes: 16-bit samples, little-endian, mono. Reading waits for the room, and ends when it has left; writing
    /// waits while too much is queued.
    /// </summary>
    public Stream AsStream() => new BotStream(this);

    /// <summary>Goes to another room, which is made when it does not exist.</summary>
    /// <param name="roomId">Name of the room: 1 to 256 characters, no control characters.</param>
    /// <returns>False when it has left.</returns>
    /// <exception cref="ArgumentException">A name that can't be used.</exception>
    public bool MoveToRoom(string roomId)
    {
        RoomName.Check(roomId);
        return _place.Enter(roomId);
    }

    /// <summary>Leaves the room. Safe to repeat.</summary>
    /// <param name="reason">A word for the log and the events.</param>
    public void Leave(string reason = "it has left") => _place.Leave(reason);

    /// <summary>What it is like now.</summary>
    public RoomBotInfo GetInfo() => new(Id, RoomId, SampleRate, Attributes, IsMuted, Gain);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Leave();
        return ValueTask.CompletedTask;
    }

    /// <summary>Its audio.</summary>
    internal BotPort Port => _port;

    /// <summary>It is there for others from now on, for whom somebody may wait.</summary>
    internal void SetConnected() => _place.SetConnected();

    internal void OnLeft(string reason) => _left.TrySetResult(reason);
}

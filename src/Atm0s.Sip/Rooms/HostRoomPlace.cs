using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Rooms;

/// <summary>A place in a room of the host. Its audio is a room of two: the phone and the host's seat.</summary>
/// <remarks>The host may speak of others before its seat is taken; that is kept until the call is there.</remarks>
internal sealed class HostRoomPlace(
    HostRooms rooms, HostRoomMedia media, string roomId, IRoomMember member, CallInfo call, HookRunner runner, IHookOrigin? origin = null)
    : IRoomPlace, IRoomParticipant, IPcmEndpoint, IDisposable
{
    private static readonly CallEnd Unknown = new(CallEndCause.NoAnswer, 480, "another member has left the host's room");

    private readonly Lock _lock = new();
    private MixRoom? _mix;
    private HookQuestion<IRoomProvider, bool>? _question;
    private IRoomSeat? _seat;
    private OpusSeatOptions? _opusOptions; // of a seat of packets
    private OpusPort? _opus;
    private RoomChange? _kept;
    private Task _connected = Task.CompletedTask;
    private int _others;
    private bool _left;

    public string RoomId => roomId;

    public string Id => member.ParticipantId;

    public CallInfo Call => call;

    public MixRoom Mix => _mix ?? throw new InvalidOperationException("The seat is not taken yet.");

    public bool IsConnected { get; private set; }

    public int SampleRate { get; private set; }

    /// <summary>Asks the host for a seat. On the shard of the call.</summary>
    /// <param name="shard">Gets the outcome.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="onOutcome">Gets whether there is a seat, unless the place is disposed of first.</param>
    public void Ask(SipShard shard, TimeSpan limit, Action<HookOutcome<bool>> onOutcome) =>
        _question = runner.Ask<IRoomProvider, bool>(shard, limit, call.CallId, AskAsync, (_, outcome) => onOutcome(outcome), origin: origin);

    /// <summary>The call needs it no more, though the host has not answered yet.</summary>
    public void Dispose()
    {
        _question?.Dispose();
        GiveUp();
    }

    /// <summary>The host has given a seat, and the call takes it.</summary>
    public void Open()
    {
        var mix = media.Engine.CreateRoom(roomId);
        if (_seat is IOpusRoomSeat seat)
            _opus = new OpusPort(seat, _opusOptions!, mix, media.Opus, media.Scheduler, TellLost);
        rooms.Add(this);
        lock (_lock)
        {
            _mix = mix;
            if (_kept is { } change)
                member.OnRoomChanged(change);
            _kept = null;
        }
    }

    public void SetConnected()
    {
        IsConnected = true;
        _connected = runner.RunAsync(
            () =>
            {
                Connect();
                return ValueTask.CompletedTask;
            },
            nameof(IRoomSeat),
            call.CallId,
            origin);
        if (_opus is null)
            Mix.Add(this);
    }

    public void Leave(CallEnd why) => GiveUp();

    /// <summary>Gives the seat back, now or when it comes. Safe to repeat.</summary>
    public void GiveUp()
    {
        lock (_lock)
        {
            if (_left)
                return;
            _left = true;
        }

        if (_mix is { } mix)
        {
            rooms.Remove(this);
            mix.Close();
            _opus?.Close();
        }

        if (_seat is not null)
            _ = runner.RunAsync(DisposeSeatAsync, nameof(IRoomSeat), call.CallId, origin);
    }

    public void OthersChanged(int others, int connected)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(others);
        ArgumentOutOfRangeException.ThrowIfNegative(connected);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(connected, others);
        lock (_lock)
        {
            if (_left)
                return;
            var change = new RoomChange(roomId, others, connected, others < _others ? Unknown : null);
            _others = others;
            if (_mix is null)
                _kept = change;
            else
                member.OnRoomChanged(change);
        }
    }

    public void Remove() => member.OnRemoved(roomId, CallEndCause.LocalHangup, "put out of the room by the host");

    public bool Read(Span<short> frame) => _seat!.Read(frame);

    public void Write(ReadOnlySpan<short> frame) => _seat!.Write(frame);

    // False when the host gives none, or nobody needs it any more. Off the shard.
    private async ValueTask<bool> AskAsync(IRoomProvider provider, CancellationToken cancellationToken)
    {
        if (await provider.JoinAsync(this, cancellationToken).ConfigureAwait(true) is not { } seat)
            return false;
        bool wanted;
        lock (_lock)
        {
            wanted = !_left;
            if (wanted)
                _seat = seat;
        }

        if (!wanted)
        {
            await seat.DisposeAsync().ConfigureAwait(true);
            return false;
        }

        _opusOptions = (seat as IOpusRoomSeat)?.Options;
        SampleRate = seat.SampleRate;
        return true;
    }

    private void Connect()
    {
        if (_opus is null)
        {
            _seat!.OnConnected();
            return;
        }

        ((IOpusRoomSeat)_seat!).OnConnected(_opus);
        _opus.Open();
    }

    private void TellLost(long lost) => _ = runner.RunAsync(
        () =>
        {
            ((IOpusRoomSeat)_seat!).OnFramesLost(lost);
            return ValueTask.CompletedTask;
        },
        nameof(IRoomSeat),
        call.CallId,
        origin);

    // The host hears of the end after it has heard of the beginning.
    private async ValueTask DisposeSeatAsync()
    {
        await _connected.ConfigureAwait(true);
        await _seat!.DisposeAsync().ConfigureAwait(true);
    }
}

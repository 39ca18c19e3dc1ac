using Atm0s.Sip.Hooks;
using Atm0s.Sip.Sounds;

namespace Atm0s.Sip;

/// <summary>
/// Answers callers, asks them for a PIN and brings them to its room. Who waits is in a room of its own, and hears nobody. Who has typed
/// too many wrong ones, in however many calls (<see cref="PinOptions.MaxWrongPerCaller"/>), is refused with 480 for a while. Give it the
/// server in <see cref="Server"/>, or add it with <see cref="SipServerBuilder.AddPinRooms"/>.
/// </summary>
public sealed class PinInviteHandler : IInviteHandler
{
    private readonly PinOptions _options;
    private readonly PinBrake _brake;

    /// <summary>Makes the handler.</summary>
    /// <param name="options">Prompts, and who knows the PINs.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number in them is out of its range.</exception>
    public PinInviteHandler(PinOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options.Tries is >= 1 and <= 10, options.Tries, "PinOptions.Tries is from 1 to 10.");
        Check(options.MaxWrongPerCaller is >= 1 and <= 1000, options.MaxWrongPerCaller, "PinOptions.MaxWrongPerCaller is from 1 to 1,000.");
        Check(options.MaxWrongPerSource is >= 1 and <= 1000, options.MaxWrongPerSource, "PinOptions.MaxWrongPerSource is from 1 to 1,000.");
        Check(options.MaxWrongPerTrunk is >= 1 and <= 100_000, options.MaxWrongPerTrunk, "PinOptions.MaxWrongPerTrunk is from 1 to 100,000.");
        Check(
            options.WrongWindow >= TimeSpan.FromSeconds(1) && options.WrongWindow <= TimeSpan.FromDays(1), options.WrongWindow,
            "PinOptions.WrongWindow is from 1 s to 1 day.");
        Check(
            options.FindRoomTimeout >= TimeSpan.FromMilliseconds(100) && options.FindRoomTimeout <= TimeSpan.FromMinutes(1),
            options.FindRoomTimeout, "PinOptions.FindRoomTimeout is from 100 ms to 1 minute.");
        _options = options;
        _brake = new PinBrake(options);
    }

    /// <summary>The server whose calls it handles. To be set before the first call.</summary>
    public ISipServer? Server { get; set; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invite);
        if (_options.Number is { } number && invite.To != number)
            return _options.Other?.HandleInviteAsync(invite, cancellationToken) ?? ValueTask.FromResult(InviteDecision.Reject(404));
        var server = Server ?? throw new InvalidOperationException("PinInviteHandler.Server is not set.");
        if (!_brake.MayTry(invite, Time.GetUtcNow()))
            return ValueTask.FromResult(InviteDecision.Reject(480));
        if (!server.TryGetCall(invite.CallId, out var call))
            return ValueTask.FromResult(InviteDecision.Reject(480));
        _ = AskAsync(call, invite);
        return ValueTask.FromResult(InviteDecision.JoinRoom($"pin-{invite.CallId}"));
    }

    // The caller is told by the end of the call whatever fails here.
    private async Task AskAsync(ISipCall call, InviteRequest invite)
    {
        try
        {
            var outcome = await call.Answered.ConfigureAwait(true);
            if (!outcome.IsAnswered)
                return;
            // A room of the host's may give no seat: then he is told good-bye, as who knows no PIN is.
            if (await FindRoomAsync(call, invite).ConfigureAwait(true) is { } room
                && await call.MoveToRoomAsync(room).ConfigureAwait(true) != CallCommandResult.NotPossible)
                return;

            if (_options.Goodbye is { } goodbye)
                await call.PlayAsync(goodbye).ConfigureAwait(true);
        }
#pragma warning disable CA1031 // Of the host's look-up; the caller must not wait for ever.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Said by the end of the call.
        }

        await call.HangUpAsync().ConfigureAwait(true);
    }

    private async Task<string?> FindRoomAsync(ISipCall call, InviteRequest invite)
    {
        for (var wrong = 0; wrong < _options.Tries && _brake.MayTry(invite, Time.GetUtcNow()); wrong++)
        {
            var gathered = await call.GatherDigitsAsync(_options.Gather).ConfigureAwait(true);
            if (!gathered.IsDone)
                return null;
            // Those who type at the same time are counted before any of them is looked up.
            if (_brake.TryBegin(invite, Time.GetUtcNow()) && await LookUpAsync(call, gathered.Digits, invite).ConfigureAwait(true) is { } room)
                return room;
            await call.PlayAsync(_options.Wrong ?? AudioClip.LeaveTone).ConfigureAwait(true);
        }

        return null;
    }

    // Not longer than it may take, nor than the caller waits.
    private async Task<string?> LookUpAsync(ISipCall call, string pin, InviteRequest invite)
    {
        var isWrong = false;
        using var limit = new CancellationTokenSource(_options.FindRoomTimeout, Time);
        _ = call.Ended.ContinueWith(_ => Cancel(limit), TaskScheduler.Default);
        try
        {
            var room = await _options.FindRoom(pin, invite, limit.Token).AsTask().WaitAsync(limit.Token).ConfigureAwait(true);
            isWrong = room is null;
            return room;
        }
        finally
        {
            if (!isWrong)
                _brake.TakeBack(invite, Time.GetUtcNow());
        }
    }

    private static void Cancel(CancellationTokenSource limit)
    {
        try
        {
            limit.Cancel();
        }
#pragma warning disable CA1031 // It is over already; or the host's own look-up throws when it is told to give up.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private static void Check(bool isInRange, object value, string rule)
    {
        if (!isInRange)
            throw new ArgumentOutOfRangeException(nameof(value), value, rule);
    }
}

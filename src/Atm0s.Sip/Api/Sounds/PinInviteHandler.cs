using Atm0s.Sip.Hooks;
using Atm0s.Sip.Sounds;

namespace Atm0s.Sip;

/// <summary>
/// Answers callers, asks them for a PIN and brings them to its room. Who waits is in a room of its own, and hears nobody. Who has typed
/// 10 wrong ones within 10 minutes, in however many calls, is refused with 480 for the rest of them. Give it the
/// server in <see cref="Server"/>, or add it with <see cref="SipServerBuilder.AddPinRooms"/>.
/// </summary>
public sealed class PinInviteHandler : IInviteHandler
{
    private readonly PinOptions _options;
    private readonly PinBrake _brake = new();

    /// <summary>Makes the handler.</summary>
    /// <param name="options">Prompts, and who knows the PINs.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="PinOptions.Tries"/> is not from 1 to 10.</exception>
    public PinInviteHandler(PinOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Tries is < 1 or > 10)
            throw new ArgumentOutOfRangeException(nameof(options), options.Tries, "PinOptions.Tries is from 1 to 10.");
        _options = options;
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
        if (!_brake.MayTry(PinBrake.CallerOf(invite), Time.GetUtcNow()))
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
            if (await FindRoomAsync(call, invite).ConfigureAwait(true) is { } room)
            {
                await call.MoveToRoomAsync(room).ConfigureAwait(true);
                return;
            }

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
        var caller = PinBrake.CallerOf(invite);
        for (var wrong = 0; wrong < _options.Tries && _brake.MayTry(caller, Time.GetUtcNow()); wrong++)
        {
            var gathered = await call.GatherDigitsAsync(_options.Gather).ConfigureAwait(true);
            if (!gathered.IsDone)
                return null;
            if (await _options.FindRoom(gathered.Digits, invite, CancellationToken.None).ConfigureAwait(true) is { } room)
                return room;
            _brake.OnWrong(caller, Time.GetUtcNow());
            await call.PlayAsync(_options.Wrong ?? AudioClip.LeaveTone).ConfigureAwait(true);
        }

        return null;
    }
}

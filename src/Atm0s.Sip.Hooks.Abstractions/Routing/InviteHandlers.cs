namespace Atm0s.Sip.Hooks.Routing;

/// <summary>Makes handlers of functions, so that small decisions need no class.</summary>
public static class InviteHandlers
{
    /// <summary>A handler that decides at once.</summary>
    /// <param name="decide">Decides about one call; called from many threads at once.</param>
    public static IInviteHandler From(Func<InviteRequest, InviteDecision> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        return new Function((invite, _) => ValueTask.FromResult(decide(invite)));
    }

    /// <summary>A handler that decides after a while.</summary>
    /// <param name="decide">Decides about one call; called from many threads at once.</param>
    public static IInviteHandler From(Func<InviteRequest, CancellationToken, ValueTask<InviteDecision>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        return new Function(decide);
    }

    /// <summary>A handler that always answers the same.</summary>
    /// <param name="decision">Its answer.</param>
    public static IInviteHandler Always(InviteDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return new Constant(decision);
    }

    [NonBlocking]
    private sealed class Constant(InviteDecision decision) : IInviteHandler
    {
        public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
            ValueTask.FromResult(decision);
    }

    private sealed class Function(Func<InviteRequest, CancellationToken, ValueTask<InviteDecision>> decide) : IInviteHandler
    {
        public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
            decide(invite, cancellationToken);
    }
}

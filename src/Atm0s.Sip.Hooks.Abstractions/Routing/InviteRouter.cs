namespace Atm0s.Sip.Hooks.Routing;

/// <summary>
/// Sends each call to the first handler whose condition it meets; a call that meets none is rejected with 404. Put the routes in before the
/// server starts;
/// from then on it is read from many threads.
/// </summary>
public sealed class InviteRouter : IInviteHandler
{
    private readonly List<(Func<InviteRequest, bool> Condition, IInviteHandler Handler)> _routes = [];
    private IInviteHandler _otherwise = InviteHandlers.Always(InviteDecision.Reject(404));

    /// <summary>Calls to a number.</summary>
    /// <param name="pattern">See <see cref="NumberPattern"/>, for example <c>9*</c>.</param>
    /// <param name="handler">Decides about them.</param>
    /// <exception cref="ArgumentException">The pattern can't be used.</exception>
    public InviteRouter ToNumber(string pattern, IInviteHandler handler)
    {
        var compiled = new NumberPattern(pattern);
        return When(invite => compiled.IsMatch(invite.To), handler);
    }

    /// <summary>Calls from a number.</summary>
    /// <param name="pattern">See <see cref="NumberPattern"/>.</param>
    /// <param name="handler">Decides about them.</param>
    /// <exception cref="ArgumentException">The pattern can't be used.</exception>
    public InviteRouter FromNumber(string pattern, IInviteHandler handler)
    {
        var compiled = new NumberPattern(pattern);
        return When(invite => compiled.IsMatch(invite.From), handler);
    }

    /// <summary>Calls that have a header field, whatever its value.</summary>
    /// <param name="name">Name of the field, for example <c>X-Room</c>.</param>
    /// <param name="handler">Decides about them.</param>
    public InviteRouter WithHeader(string name, IInviteHandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return When(invite => invite.GetHeader(name) is not null, handler);
    }

    /// <summary>Calls that have a header field whose first value fits.</summary>
    /// <param name="name">Name of the field.</param>
    /// <param name="pattern">See <see cref="NumberPattern"/>.</param>
    /// <param name="handler">Decides about them.</param>
    /// <exception cref="ArgumentException">The pattern can't be used.</exception>
    public InviteRouter WithHeader(string name, string pattern, IInviteHandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var compiled = new NumberPattern(pattern);
        return When(invite => invite.GetHeader(name) is { } value && compiled.IsMatch(value), handler);
    }

    /// <summary>Calls from certain addresses.</summary>
    /// <param name="networks">The addresses.</param>
    /// <param name="handler">Decides about them.</param>
    public InviteRouter FromNetworks(NetworkSet networks, IInviteHandler handler)
    {
        ArgumentNullException.ThrowIfNull(networks);
        return When(invite => networks.Contains(invite.Source.Address), handler);
    }

    /// <summary>Calls over a trunk.</summary>
    /// <param name="trunk">Its name.</param>
    /// <param name="handler">Decides about them.</param>
    public InviteRouter FromTrunk(string trunk, IInviteHandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(trunk);
        return When(invite => string.Equals(invite.Trunk, trunk, StringComparison.Ordinal), handler);
    }

    /// <summary>Calls that meet a condition.</summary>
    /// <param name="condition">The condition; must answer at once.</param>
    /// <param name="handler">Decides about them.</param>
    public InviteRouter When(Func<InviteRequest, bool> condition, IInviteHandler handler)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(handler);
        _routes.Add((condition, handler));
        return this;
    }

    /// <summary>All other calls. Default: rejected with 404.</summary>
    /// <param name="handler">Decides about them.</param>
    public InviteRouter Otherwise(IInviteHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _otherwise = handler;
        return this;
    }

    /// <inheritdoc/>
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invite);
        foreach (var (condition, handler) in _routes)
        {
            if (condition(invite))
                return handler.HandleInviteAsync(invite, cancellationToken);
        }

        return _otherwise.HandleInviteAsync(invite, cancellationToken);
    }
}

using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>The host's handlers, for a server made without dependency injection. The same objects answer every question, from many threads at once.</summary>
public sealed class SipServerHandlers
{
    /// <summary>Knows the users. Required when the registrar is on, or when calls are authenticated.</summary>
    public IAuthProvider? Auth { get; init; }

    /// <summary>Decides about incoming calls. Required.</summary>
    public IInviteHandler? Invite { get; init; }

    /// <summary>Is told of registrations.</summary>
    public IRegistrationObserver? Registrations { get; init; }

    /// <summary>Is told of calls.</summary>
    public ICallObserver? Calls { get; init; }

    /// <summary>The host's rooms; null takes the embedded ones.</summary>
    public IRoomProvider? Rooms { get; init; }

    // By what it was given as: one object may implement several, and be wanted for one only.
    internal T? Get<T>()
        where T : class
    {
        object? handler = typeof(T) == typeof(IAuthProvider) ? Auth
            : typeof(T) == typeof(IInviteHandler) ? Invite
            : typeof(T) == typeof(IRegistrationObserver) ? Registrations
            : typeof(T) == typeof(ICallObserver) ? Calls
            : typeof(T) == typeof(IRoomProvider) ? Rooms
            : null;
        return (T?)handler;
    }
}

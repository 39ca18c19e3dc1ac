using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>
/// The host's handlers, for a server made without dependency injection. The same objects answer every question, from many threads at once.
/// </summary>
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

    /// <summary>Decides about transfers that phones ask for; null refuses them all (603).</summary>
    public ITransferHandler? Transfers { get; init; }

    /// <summary>Takes text messages; null refuses them all (405).</summary>
    public IMessageHandler? Messages { get; init; }

    /// <summary>The host's rooms; null takes the embedded ones.</summary>
    public IRoomProvider? Rooms { get; init; }
}

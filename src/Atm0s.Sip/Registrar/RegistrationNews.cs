using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Registrar;

/// <summary>What happened to a registration.</summary>
/// <param name="Registration">Which one.</param>
/// <param name="EndedBy">Why it ended; null when it was made or refreshed.</param>
internal readonly record struct RegistrationNews(RegistrationInfo Registration, UnregisterReason? EndedBy)
{
    /// <summary>Tells an observer.</summary>
    public static ValueTask TellAsync(IRegistrationObserver observer, RegistrationNews news, CancellationToken cancellationToken) =>
        news.EndedBy is { } reason
            ? observer.OnUnregisteredAsync(news.Registration, reason, cancellationToken)
            : observer.OnRegisteredAsync(news.Registration, cancellationToken);
}

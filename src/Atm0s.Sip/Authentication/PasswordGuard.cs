using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// Decides which passwords are looked at: those of a user where he is known; others as far as their source and their user have not had too
/// many wrong ones. Only who has answered a challenge that was sent to its address comes here, so a forged source counts against nobody.
/// Any thread.
/// </summary>
internal sealed class PasswordGuard(AuthenticationOptions options)
{
    private volatile GuessLimiter _sources = new(options.MaxWrongPasswordsPerSource, options.WrongPasswordRecovery);
    private volatile UserLocks _users = new(options.MaxWrongPasswordsPerUser, options.WrongPasswordWindow);
    private readonly KnownPlaces _places = new();

    /// <summary>The limits have changed: wrong passwords are counted anew; who is known stays known.</summary>
    public void Renew()
    {
        _sources = new GuessLimiter(options.MaxWrongPasswordsPerSource, options.WrongPasswordRecovery);
        _users = new UserLocks(options.MaxWrongPasswordsPerUser, options.WrongPasswordWindow);
    }

    /// <summary>Begins a check, or says that it has to wait.</summary>
    public PasswordAdmission TryEnter(string user, IPEndPoint source, TimeSpan now)
    {
        if (_places.TryEnter(user, source))
            return PasswordAdmission.Known;
        var key = SourceKey.Of(source.Address);
        if (!_users.TryEnter(user, key, now))
            return PasswordAdmission.UserLocked;
        if (_sources.TryEnter(source.Address, now, user))
            return PasswordAdmission.Stranger;
        _users.Leave(user, key, now, wasWrong: false);
        return PasswordAdmission.SourceSlowed;
    }

    /// <summary>Ends a check.</summary>
    /// <param name="admission">How it was begun.</param>
    /// <param name="user">User.</param>
    /// <param name="source">Source.</param>
    /// <param name="now">The present time.</param>
    /// <param name="isRight">True or false; null when nobody has said.</param>
    /// <returns>Whether the source has to wait from now on, and whether the user is locked.</returns>
    public (bool SourceSlowed, bool UserLocked) Leave(
        PasswordAdmission admission, string user, IPEndPoint source, TimeSpan now, bool? isRight)
    {
        var wasWrong = isRight == false;
        if (isRight == true)
            _places.Add(user, source);
        if (admission == PasswordAdmission.Known)
        {
            _places.Leave(user, source, wasWrong);
            if (!wasWrong || !_sources.TryEnter(source.Address, now, user))
                return default;
            return (_sources.Leave(source.Address, now, wasWrong: true, user), false);
        }

        return (_sources.Leave(source.Address, now, wasWrong, user), _users.Leave(user, SourceKey.Of(source.Address), now, wasWrong));
    }

    /// <summary>
    /// Ends a check whose verdict nobody will hear. It counts as wrong against its source, unless the user is known there: else a guess that
    /// is taken back at once would cost nothing but the host's work. It tells nothing of the user, who may have hung up.
    /// </summary>
    /// <param name="admission">How it was begun.</param>
    /// <param name="user">User.</param>
    /// <param name="source">Source.</param>
    /// <param name="now">The present time.</param>
    public void GiveUp(PasswordAdmission admission, string user, IPEndPoint source, TimeSpan now)
    {
        if (admission == PasswordAdmission.Known)
        {
            _places.Leave(user, source, wasWrong: false);
            return;
        }

        _sources.Leave(source.Address, now, wasWrong: true, user);
        _users.Leave(user, SourceKey.Of(source.Address), now, wasWrong: false);
    }
}

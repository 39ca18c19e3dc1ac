using System.Net;
using Atm0s.Sip.HookCalls;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// A check of credentials under way: counts against its source and its user until it is through or given up. On its shard only.
/// </summary>
internal sealed class PasswordCheck(PasswordGuard guard, PasswordAdmission admission, string user, IPEndPoint source, Func<TimeSpan> now)
    : IDisposable
{
    private bool _isOver;

    /// <summary>The question to the host.</summary>
    public IDisposable? Question { get; set; }

    /// <summary>Whether the host has answered already: the verdict comes within the same turn of the shard.</summary>
    public bool IsThrough => Question is IHookUnderWay { IsSettled: true };

    /// <summary>The verdict is there.</summary>
    /// <param name="isRight">Whether the password was; null when nobody has said.</param>
    /// <returns>Whether the source has to wait from now on, and whether the user is locked.</returns>
    public (bool SourceSlowed, bool UserLocked) End(bool? isRight)
    {
        if (_isOver)
            return default;
        _isOver = true;
        return guard.Leave(admission, user, source, now(), isRight);
    }

    /// <summary>Nobody waits for the verdict any more.</summary>
    public void Dispose()
    {
        Question?.Dispose();
        if (_isOver)
            return;
        _isOver = true;
        guard.GiveUp(admission, user, source, now());
    }
}

using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.HookCalls;

/// <summary>What is known of the host's handler of one kind. Any thread.</summary>
/// <param name="name">Name of its interface, for log and metrics.</param>
/// <param name="handler">The handler, when it is the same object for every question; else null.</param>
/// <param name="limit">How long it may take on a shard.</param>
internal sealed class HookKind<THook>(string name, THook? handler, TimeSpan limit)
    where THook : class
{
    private const int NotYet = 0;
    private const int OnShard = 1;
    private const int Elsewhere = 2;

    private static readonly string[] _endings = ["Handler", "Provider"];

    private readonly PromiseWatch _promise = new(limit);
    private int _place = handler is not null && IsMarked(handler) ? NotYet : Elsewhere;
    private int _isDoubted;

    public string Name => name;

    /// <summary>Name of its spans: <c>sip.hook.invite</c> for an IInviteHandler.</summary>
    public string SpanName { get; } = "sip.hook." + ShortName(name).ToLowerInvariant();

    /// <summary>The handler, when it is the same object for every question.</summary>
    public THook? Handler => handler;

    /// <summary>Whether it is asked on the shard, by a promise that it has kept so far.</summary>
    public bool IsAskedOnShard => Volatile.Read(ref _place) == OnShard;

    /// <summary>It has answered elsewhere, and what comes with its first answer is loaded.</summary>
    public void OnAnswered() => Interlocked.CompareExchange(ref _place, OnShard, NotYet);

    /// <summary>It has held the shard for so long.</summary>
    /// <returns>True when it loses its place there by that.</returns>
    public bool OnHeld(TimeSpan time, TimeSpan now) =>
        _promise.IsBroken(time, now) && Interlocked.Exchange(ref _place, Elsewhere) == OnShard;

    /// <summary>Whether it is marked, though it can't be asked on the shard because it is made anew each time. True once.</summary>
    public bool IsMarkedInVain(THook madeAnew) =>
        handler is null && IsMarked(madeAnew) && Interlocked.Exchange(ref _isDoubted, 1) == 0;

    private static string ShortName(string name)
    {
        var start = name.StartsWith('I') ? 1 : 0;
        var end = Array.Find(_endings, ending => name.EndsWith(ending, StringComparison.Ordinal))?.Length ?? 0;
        return name[start..^end];
    }

    private static bool IsMarked(THook handler) => handler.GetType().IsDefined(typeof(NonBlockingAttribute), inherit: false);
}

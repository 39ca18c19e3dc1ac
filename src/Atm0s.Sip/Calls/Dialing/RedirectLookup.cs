using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>
/// The look-up of the contacts of one 3xx: off the shard, for DNS is asked; answered on it. To be disposed of on the shard.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="contacts">Best first.</param>
/// <param name="from">Who has named them.</param>
/// <param name="onFound">Gets what was found, those of one q value together, the best first.</param>
internal sealed class RedirectLookup(
    Call call, IReadOnlyList<RedirectTarget> contacts, OutboundTarget from, Action<IReadOnlyList<IReadOnlyList<OutboundTarget>>> onFound)
    : IThreadPoolWorkItem, IDisposable
{
    private readonly CancellationTokenSource _abandon = new();
    private bool _isDisposed;

    public void Start() => call.Services.Scheduler.Schedule(this);

    /// <summary>Nobody waits any more.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        // What a resolver of the host does about it is its code: not on the shard.
        call.Services.Scheduler.Schedule(
            new HookCancel(_abandon, failure => ServerLog.CallFailed(call.Logger, failure, call.Id)));
    }

    void IThreadPoolWorkItem.Execute() => _ = FindAsync(_abandon.Token);

    private async Task FindAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<OutboundTarget>[] found = [];
        Exception? failed = null;
        try
        {
            found = await Task.WhenAll(contacts.Select(contact =>
                call.Services.Targets.FindAsync(contact.Uri, from, call.Trunk, cancellationToken).AsTask())).ConfigureAwait(true);
        }
#pragma warning disable CA1031 // Whatever goes wrong, the caller must not wait for it: the redirection leads nowhere.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (cancellationToken.IsCancellationRequested)
                return;
            failed = failure;
        }

        var groups = found.Zip(contacts, (targets, contact) => (targets, contact.Quality))
            .GroupBy(f => f.Quality, f => f.targets)
            .Select(group => (IReadOnlyList<OutboundTarget>)[.. group.SelectMany(targets => targets)])
            .ToList();
        call.Post(() =>
        {
            if (!_isDisposed)
                onFound(groups);
        });
        // Last, for a log may throw.
        if (failed is not null)
            ServerLog.CallFailed(call.Logger, failed, call.Id);
    }
}

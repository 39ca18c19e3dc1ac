using System.Net;
using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Ways;

/// <summary>One question for the address of a host, and who waits for it. Asked off the shard, answered on it.</summary>
internal sealed class HostLookup : IThreadPoolWorkItem, IDisposable
{
    private readonly HostNames _names;
    private readonly SipShard _shard;
    private readonly DnsEndPoint _host;
    private readonly Action<IPAddress?> _done;
    private readonly CancellationTokenSource _abandon = new();
    private readonly CancellationToken _abandoned;
    private bool _disposed;

    public HostLookup(HostNames names, SipShard shard, DnsEndPoint host, Action<IPAddress?> done)
    {
        _names = names;
        _shard = shard;
        _host = host;
        _done = done;
        _abandoned = _abandon.Token;
    }

    /// <summary>The shard: nobody waits any more.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _names.Abandon(_abandon, _host);
    }

    void IThreadPoolWorkItem.Execute() => _ = AskAsync();

    private async Task AskAsync()
    {
        var address = await _names.AskAsync(_host, _abandoned).ConfigureAwait(true);
        _shard.Post(_ => Complete(address));
    }

    private void Complete(IPAddress? address)
    {
        if (!_disposed)
            _done(address);
    }
}

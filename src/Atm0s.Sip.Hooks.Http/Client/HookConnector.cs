using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>
/// Connects to exactly the addresses that were checked; nothing is resolved twice. Every failure is a <see cref="HookConnectException"/> or
/// a <see cref="HookAddressRefusedException"/>: nothing was sent.
/// </summary>
/// <param name="resolver">Resolves the name.</param>
/// <param name="policy">Checks the addresses.</param>
/// <param name="timeout">Limit for all addresses together; each gets its share, so that one dead address does not use it up.</param>
/// <param name="timeProvider">Clock of the limit.</param>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing.
internal sealed class HookConnector(IHookNameResolver resolver, HookAddressPolicy policy, TimeSpan timeout, TimeProvider timeProvider)
#pragma warning restore CA1001
{
    private const int MaxAddresses = 4;

    // A hook server listens with a backlog, often of 100 or 128; what comes beyond is dropped, and tried again after a second
    // (RFC 6298 §2).
    private const int MaxConnecting = 64;

    private readonly SemaphoreSlim _places = new(MaxConnecting);

    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectToAnyAsync(target, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new HookConnectException((exception as SocketException)?.SocketErrorCode ?? SocketError.TimedOut);
        }
    }

    private async Task<Stream> ConnectToAnyAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var host = target.Host.Trim('[', ']');
        var found = IPAddress.TryParse(host, out var literal) ? [literal]
            : await resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ConnectToAnyAsync(found, target.Port, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<Stream> ConnectToAnyAsync(IPAddress[] found, int port, CancellationToken cancellationToken)
    {
        var good = found.Where(policy.Allows).Take(MaxAddresses).ToArray();
        if (good.Length == 0)
            throw found.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new HookAddressRefusedException(found[0]);

        for (var index = 0; ; index++)
        {
            using var limit = new CancellationTokenSource(timeout / good.Length, timeProvider);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                return await ConnectAsync(new IPEndPoint(good[index], port), both.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (index < good.Length - 1 && !cancellationToken.IsCancellationRequested
                && (exception is SocketException or OperationCanceledException))
            {
                // The next address may do.
            }
        }
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

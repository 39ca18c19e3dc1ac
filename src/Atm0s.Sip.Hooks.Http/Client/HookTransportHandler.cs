namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>
/// One attempt: sends, and reads the answer here, inside the attempt's time limit and up to a size. Turns every failure into one of ours,
/// because the framework's
/// messages quote what the other side sent.
/// </summary>
internal sealed class HookTransportHandler : DelegatingHandler
{
    public const int MaxAnswer = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            // The body of a failure is not read: it could be slow, and nobody needs it.
            var body = response.IsSuccessStatusCode ? await ReadAsync(response, cancellationToken).ConfigureAwait(false) : [];
            var status = response.StatusCode;
            response.Dispose();
            // Made anew: headers and reason phrase of the other side go no further.
            return new HttpResponseMessage(status) { Content = new ByteArrayContent(body), RequestMessage = request };
        }
        catch (HookCallException)
        {
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever happened on the wire is a failed connection; the breaker counts it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw Translate(exception);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            if (response.Content.Headers.ContentLength > MaxAnswer)
                throw new HookCallException(HookCallOutcome.TooLarge);
            var buffer = new byte[Math.Min(response.Content.Headers.ContentLength ?? 4096, MaxAnswer) + 1];
            var length = 0;
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    return buffer[..length];
                length += read;
                if (length > MaxAnswer)
                    throw new HookCallException(HookCallOutcome.TooLarge);
                if (length == buffer.Length)
                    Array.Resize(ref buffer, Math.Min(buffer.Length * 4, MaxAnswer + 1));
            }
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static HookCallException Translate(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is HookAddressRefusedException refused)
                return new HookCallException(HookCallOutcome.RefusedAddress, detail: refused.Message);
            if (inner is HookConnectException failed)
                return new HookCallException(HookCallOutcome.Connection, detail: failed.Error.ToString()) { IsUnsent = true };
        }

        // The enum, not the message.
        var error = (exception as HttpRequestException)?.HttpRequestError;
        return new HookCallException(HookCallOutcome.Connection, detail: error.ToString())
        {
            IsUnsent = error is HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError,
        };
    }
}

using System.Text.Json;
using Atm0s.Sip.Dashboard.Tests.Hosts;

namespace Atm0s.Sip.Dashboard.Tests.Http;

/// <summary>Reads the updates as the page does.</summary>
internal sealed class LiveStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private LiveStream(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _reader = new StreamReader(body);
    }

    public int Status => (int)_response.StatusCode;

    public HttpResponseMessage Response => _response;

    public static async Task<LiveStream> OpenAsync(DashboardHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/live", UriKind.Relative));
        var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new LiveStream(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next update; null when there are no more.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonDocument.Parse(line[6..]).RootElement;
        }

        return null;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}

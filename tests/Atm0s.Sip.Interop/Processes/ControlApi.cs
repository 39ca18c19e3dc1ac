using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>A client of the control API that knows only HTTP and JSON.</summary>
public sealed class ControlApi : IAsyncDisposable
{
    private readonly HttpClient _http;

    /// <summary>Makes it.</summary>
    /// <param name="url">Where the API is.</param>
    /// <param name="apiKey">Its key.</param>
    public ControlApi(string url, string apiKey)
    {
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>Sends a command.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Asks until the answer is as wanted.</summary>
    public async Task<JsonElement> WaitAsync(string path, Func<JsonElement, bool> wanted)
    {
        var end = DateTime.UtcNow.AddSeconds(20);
        while (true)
        {
            var (status, body) = await SendAsync(HttpMethod.Get, path);
            if (status == 200 && wanted(body)) return body;
            if (DateTime.UtcNow > end) throw new AssertionException($"{path} did not become as wanted: {status} {body}");
            await Task.Delay(50);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}

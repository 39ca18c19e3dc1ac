using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>A client of the control API that knows only HTTP and JSON.</summary>
public sealed class ControlApi : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _end = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Makes it.</summary>
    /// <param name="url">Where the API is.</param>
    /// <param name="apiKey">Its key.</param>
    public ControlApi(string url, string apiKey)
    {
        Url = new Uri(url);
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>Where the API is.</summary>
    public Uri Url { get; }

    /// <summary>Sends a command.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(
            method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
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
            if (status == 200 && wanted(body))
                return body;
            if (DateTime.UtcNow > end)
                throw new AssertionException($"{path} did not become as wanted: {status} {body}");
            await Task.Delay(50);
        }
    }

    /// <summary>The only call whose <c>from_number</c> this is, once there is one.</summary>
    public async Task<JsonElement> CallAsync(string from, Func<JsonElement, bool>? wanted = null)
    {
        var all = await WaitAsync("/sip/calls", calls => calls.EnumerateArray().Any(IsIt));
        return all.EnumerateArray().First(IsIt);

        bool IsIt(JsonElement call) => call.GetProperty("from_number").GetString() == from
            && call.GetProperty("state").GetString() == "answered" && (wanted is null || wanted(call));
    }

    /// <summary>Reads the events from now on, a line each: name, space, data.</summary>
    public async Task<LineLog> WatchAsync()
    {
        var log = new LineLog("events");
        var response = await _http.GetAsync(new Uri("/sip/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, _end.Token);
        _watching = ReadAsync(response, log, _end.Token);
        return log;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _http.Dispose();
        _end.Dispose();
    }

    private static async Task ReadAsync(HttpResponseMessage response, LineLog log, CancellationToken end)
    {
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(end));
            for (var name = ""; await reader.ReadLineAsync(end) is { } line;)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                    name = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    log.Add($"{name} {line[6..]}");
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or HttpRequestException or ObjectDisposedException)
        {
            // The server ended, or we did.
        }

        log.Close("the stream ended");
        response.Dispose();
    }
}

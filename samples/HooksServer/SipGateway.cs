using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Atm0s.Sip.Control.Messages;

namespace HooksServer;

/// <summary>The control API of the SIP server.</summary>
internal sealed class SipGateway : IDisposable
{
    private readonly HttpClient _http;

    public SipGateway(string url, string apiKey)
    {
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(5) };
        if (apiKey.Length > 0)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>Rings a registered phone into a room, for a caller: when he gives up it stops at once. False when it can't.</summary>
    public async Task<bool> InviteClientAsync(
        string roomId, string sessionId, string fromNumber, string forConnId, CancellationToken cancellation)
    {
        try
        {
            var body = new InviteClientRequest
            {
                RoomId = roomId,
                DestSessionId = sessionId,
                FromNumber = fromNumber,
                ForConnId = forConnId,
            };
            using var response = await _http.PostAsJsonAsync(
                new Uri("/sip/invite/client", UriKind.Relative), body, ControlJson.Default.InviteClientRequest, cancellation);
            // A refusal is plain text, for example NOT_FOUND.
            if (!response.IsSuccessStatusCode)
                return false;
            var answer = await response.Content.ReadFromJsonAsync(ControlJson.Default.EnvelopeInviteStarted, cancellation);
            return answer is { Status: true };
        }
        catch (Exception wrong) when (wrong is HttpRequestException or TaskCanceledException or JsonException)
        {
            Console.Error.WriteLine(wrong.Message);
            return false;
        }
    }

    public void Dispose() => _http.Dispose();
}

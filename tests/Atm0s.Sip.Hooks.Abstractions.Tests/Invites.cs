using System.Net;

namespace Atm0s.Sip.Hooks.Tests;

/// <summary>Calls to decide about.</summary>
internal static class Invites
{
    public static InviteRequest Call(string to, string from = "alice", string source = "192.0.2.7", string? trunk = null,
        string? username = null, params KeyValuePair<string, string>[] headers) => new()
    {
        CallId = "c1", SipCallId = "s1", From = from, To = to, FromUri = $"sip:{from}@a", ToUri = $"sip:{to}@a",
            RequestUri = $"sip:{to}@a", Username = username, Trunk = trunk,
        Source = new IPEndPoint(IPAddress.Parse(source), 5060), OfferedCodecs = [], Headers = headers,
    };

    public static string Decide(this IInviteHandler handler, InviteRequest invite) =>
        handler.HandleInviteAsync(invite, CancellationToken.None).AsTask().GetAwaiter().GetResult() switch
    {
        InviteDecision.Join join => join.RoomId,
        InviteDecision.Rejection rejection => $"{rejection.StatusCode}",
        var other => other.GetType().Name,
    };
}

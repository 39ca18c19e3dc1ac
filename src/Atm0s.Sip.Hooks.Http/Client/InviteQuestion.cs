using System.Net;
using System.Text.Json;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Makes the question of <c>/invite</c>.</summary>
internal static class InviteQuestion
{
    /// <summary>The original's five fields.</summary>
    public static InviteHookRequest From(InviteRequest invite) => new()
    {
        Source = Text(invite.Source),
        Username = invite.Username,
        FromNumber = invite.From,
        ToNumber = invite.To,
        ConnId = invite.CallId,
    };

    /// <summary>All that is known of the call.</summary>
    public static InviteHookRequest WithDetails(InviteRequest invite) => From(invite) with
    {
        SipCallId = invite.SipCallId,
        RequestUri = invite.RequestUri,
        FromUri = invite.FromUri,
        ToUri = invite.ToUri,
        DisplayName = invite.FromDisplayName,
        Authentication = JsonNamingPolicy.SnakeCaseLower.ConvertName(invite.Authentication.ToString()),
        Trunk = invite.Trunk,
        IdentityNumber = invite.Identity?.Number,
        Anonymous = invite.IsAnonymous,
        Codecs = invite.OfferedCodecs,
        Headers = Headers(invite.Headers),
    };

    private static Dictionary<string, IReadOnlyList<string>> Headers(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var byName = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            var key = name.ToLowerInvariant();
            if (!byName.TryGetValue(key, out var values))
                byName[key] = values = new List<string>();
            ((List<string>)values).Add(value);
        }

        return byName;
    }

    private static string Text(IPEndPoint source) =>
        (source.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(source.Address.MapToIPv4(), source.Port) : source).ToString();
}

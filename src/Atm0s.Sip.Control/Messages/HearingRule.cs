using System.Text.Json.Serialization;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Control.Messages;

/// <summary>
/// Who hears whom in a room, where it is not everybody: body of <c>POST /sip/calls/{id}/rule</c> and <c>/sip/bots/{id}/rule</c>, and part of a call. Members are calls by
/// their id, and programs of the room by their name. An empty body ends the rule.
/// </summary>
public sealed record HearingRule
{
    /// <summary>Whether the phone hears nobody. Default false.</summary>
    public bool Deaf { get; init; }

    /// <summary>Whom it hears; absent or null is everybody. At most 256.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Hears { get; init; }

    /// <summary>Who hears it; absent or null is everybody. One: it whispers. At most 256.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("heard_by")]
    public IReadOnlyList<string>? HeardBy { get; init; }

    /// <summary>Whether it is heard whoever else talks, beside the active speakers. Default false.</summary>
    public bool Pinned { get; init; }

    /// <summary>The rule of a call; null when it has none.</summary>
    internal static HearingRule? Of(MemberRule rule) => rule == MemberRule.Default
        ? null
        : new HearingRule { Deaf = rule.IsDeaf, Hears = NamesOf(rule.Hears), HeardBy = NamesOf(rule.HeardBy), Pinned = rule.IsPinned };

    /// <summary>The rule as the server takes it.</summary>
    /// <param name="server">Whose calls and programs they are.</param>
    /// <param name="roomId">The room for which it is: programs of others may have the same names.</param>
    /// <exception cref="ArgumentException">A name is not known, or there are too many.</exception>
    internal MemberRule ToRule(ISipServer server, string? roomId) => this == new HearingRule()
        ? MemberRule.Default
        : new MemberRule
        {
            IsDeaf = Deaf,
            Hears = MembersOf(server, roomId, Hears, "hears"),
            HeardBy = MembersOf(server, roomId, HeardBy, "heard_by"),
            IsPinned = Pinned,
        };

    private static HashSet<object>? MembersOf(ISipServer server, string? roomId, IReadOnlyList<string>? names, string field)
    {
        const int maxNames = 256;
        if (names is null)
            return null;
        if (names.Count > maxNames)
            throw new ArgumentException($"{field}: At most {maxNames} members.");
        var members = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var name in names)
        {
            object? member = server.TryGetCall(name ?? "", out var call) ? call
                : server.Bots.FirstOrDefault(bot => bot.Id == name && bot.RoomId == roomId);
            members.Add(member ?? throw new ArgumentException($"{field}: There is no such call, and no program of that name in the room."));
        }

        return members;
    }

    private static string[]? NamesOf(IReadOnlySet<object>? members) => members is null
        ? null
        : [.. members.Select(NameOf).OfType<string>().Order(StringComparer.Ordinal)];

    private static string? NameOf(object member) => member switch
    {
        ISipCall call => call.Id,
        RoomBot bot => bot.Id,
        _ => null,
    };
}

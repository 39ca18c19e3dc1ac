using Atm0s.Sip.Dashboard.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>Rooms, phones and trunks in rows.</summary>
internal static class Directory
{
    private const int MaxOthers = 20;

    /// <summary>A room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="participantsOfCalls">Names of all calls; null when they are not known, and so not who else is there.</param>
    public static RoomRow RowOf(RoomInfo room, IReadOnlySet<string>? participantsOfCalls)
    {
        var others = participantsOfCalls is null ? [] : room.Participants.Where(name => !participantsOfCalls.Contains(name)).Take(MaxOthers)
            .Order(StringComparer.Ordinal).Select(RowText.Short);
        var lines = string.Join('\n', others);
        return new RoomRow(room.Id, room.Members, room.Connected, room.SampleRate, lines.Length == 0 ? null : lines);
    }

    public static PhoneRow RowOf(RegistrationInfo phone) => new(
        phone.SessionId, RowText.Short(phone.Username), RowText.Short(phone.Contact), phone.Source.ToString(),
        (int)phone.Expires.TotalSeconds, RowText.ShortOrNull(phone.UserAgent));

    public static TrunkRow RowOf(TrunkInfo trunk) => new(
        RowText.Short(trunk.Name), RowText.Short(trunk.Server), RowText.Of(trunk.State), trunk.StatusCode, (int)trunk.Expires.TotalSeconds);
}

using System.Globalization;
using Atm0s.Sip.Core.Sdp.Security;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>
/// Offer and answer of the level of packets (RFC 6464 §4) in <c>a=extmap</c> (RFC 8285 §5, §7). Pure. What breaks a rule is not agreed on;
/// the call goes on without it.
/// </summary>
internal static class AudioLevelRules
{
    /// <summary>The name of the extension.</summary>
    public const string Uri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

    private const string Attribute = "extmap";
    private const int MaxId = 255;              // RFC 8285 §4.3
    private const int MaxOneByteId = 14;        // §4.2
    private const int FirstToBeMapped = 4096;   // §7
    private const int LastToBeMapped = 4351;

    /// <summary>What an offer of ours says: what holds; before anything does, what is wished.</summary>
    public static AgreedAudioLevel? Offer(AudioWish wish, NegotiatedAudio? current) =>
        current is not null ? current.AudioLevel
        : wish.UsesAudioLevels ? new AgreedAudioLevel(1, SdpDirection.SendRecv, HasVoiceFlag: true)
        : null;

    /// <summary>Reads an offer.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="media">The stream that is taken.</param>
    /// <param name="wish">Ours.</param>
    /// <param name="stream">Direction of the stream, as we answer it.</param>
    public static AgreedAudioLevel? Accept(SessionDescription offer, MediaDescription media, AudioWish wish, SdpDirection stream)
    {
        if (!wish.UsesAudioLevels)
            return null;
        var maps = MapsOf(offer, media);
        var best = default(AgreedAudioLevel);
        foreach (var map in maps)
        {
            if (!map.IsLevel || IdFor(map, maps) is not (> 0 and var id))
                continue;
            var direction = map.Direction?.Reverse() ?? SdpDirection.SendRecv;
            if (direction == SdpDirection.Inactive || (map.Direction is not null && !Fits(direction, stream)))
                continue;
            // RFC 6464 §4: of several with different meanings of the flag the one that means something.
            if (best is null || (map.HasVoiceFlag && !best.HasVoiceFlag))
                best = new AgreedAudioLevel(id, direction, map.HasVoiceFlag);
        }

        return best;
    }

    /// <summary>Reads the answer to an offer of ours.</summary>
    /// <param name="asked">Our stream.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="media">The stream in it.</param>
    public static AgreedAudioLevel? Match(MediaDescription asked, SessionDescription answer, MediaDescription media)
    {
        if (Find(ReadAll(asked.Attributes)) is not { } ours)
            return null;
        var maps = MapsOf(answer, media);
        // §7: with the identifier of the offer, which means nothing else.
        if (Find(maps) is not { } theirs || theirs.Id != ours.Id || CountOf(maps, theirs.Id) != 1)
            return null;
        var direction = (theirs.Direction?.Reverse() ?? SdpDirection.SendRecv) & (ours.Direction ?? SdpDirection.SendRecv);
        return direction == SdpDirection.Inactive
            ? null
            : new AgreedAudioLevel(ours.Id, direction, ours.HasVoiceFlag && theirs.HasVoiceFlag);
    }

    /// <summary>The attributes of a stream, with the one that says what holds.</summary>
    /// <param name="attributes">The others.</param>
    /// <param name="level">What holds; null for nothing.</param>
    /// <param name="stream">Direction of the stream.</param>
    public static IReadOnlyList<SdpAttribute> Add(
        IReadOnlyList<SdpAttribute> attributes, AgreedAudioLevel? level, SdpDirection stream)
    {
        if (level is null || (level.Direction != SdpDirection.SendRecv && !Fits(level.Direction, stream)))
            return attributes;
        // §7: without a direction it has that of the stream.
        var direction = level.Direction == SdpDirection.SendRecv ? "" : $"/{level.Direction.ToAttribute()}";
        var id = level.Id.ToString(CultureInfo.InvariantCulture);
        return [.. attributes, new SdpAttribute(Attribute, $"{id}{direction} {Uri}{(level.HasVoiceFlag ? "" : " vad=off")}")];
    }

    // §7: a direction that the stream does not have is an error, but for one that rests.
    private static bool Fits(SdpDirection direction, SdpDirection stream) =>
        stream == SdpDirection.Inactive || (direction & stream) == direction;

    // §5: all of the stream, or all of the session.
    private static List<Map> MapsOf(SessionDescription description, MediaDescription media) =>
        media.Attributes.Has(Attribute) ? ReadAll(media.Attributes) : ReadAll(description.Attributes);

    private static List<Map> ReadAll(IReadOnlyList<SdpAttribute> attributes)
    {
        var maps = new List<Map>();
        foreach (var value in attributes.ValuesOf(Attribute))
        {
            if (Map.TryRead(value, out var map))
                maps.Add(map);
        }

        return maps;
    }

    private static Map? Find(List<Map> maps)
    {
        foreach (var map in maps)
        {
            if (map.IsLevel && map.Id <= MaxId)
                return map;
        }

        return null;
    }

    private static int CountOf(List<Map> maps, int id)
    {
        var count = 0;
        foreach (var map in maps)
            count += map.Id == id ? 1 : 0;
        return count;
    }

    // §7: from the range that is for offers only to one that is free; 0 when there is none, or two have the same.
    private static int IdFor(Map map, List<Map> maps)
    {
        if (map.Id <= MaxId)
            return CountOf(maps, map.Id) == 1 ? map.Id : 0;
        for (var id = 1; id <= MaxOneByteId; id++)
        {
            if (CountOf(maps, id) == 0)
                return id;
        }

        return 0;
    }

    /// <summary>A line: <c>id["/" direction] URI [attributes]</c>.</summary>
    private readonly record struct Map(int Id, SdpDirection? Direction, bool IsLevel, bool HasVoiceFlag)
    {
        public static bool TryRead(string value, out Map map)
        {
            map = default;
            var words = value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2)
                return false;
            var slash = words[0].IndexOf('/', StringComparison.Ordinal);
            var number = slash < 0 ? words[0] : words[0][..slash];
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !IsValid(id))
                return false;
            SdpDirection? direction = null;
            if (slash >= 0 && (direction = SdpDirections.Parse(words[0].AsSpan(slash + 1))) is null)
                return false;
            var isLevel = words[1].Equals(Uri, StringComparison.OrdinalIgnoreCase); // RFC 8141 §3.1
            map = new Map(id, direction, isLevel, !words.Skip(2).Contains("vad=off", StringComparer.OrdinalIgnoreCase));
            return true;
        }

        // §4.2: 15 is none in the short form, which is the one in use when all others fit it.
        private static bool IsValid(int id) => id is (>= 1 and <= MaxId and not 15) or (>= FirstToBeMapped and <= LastToBeMapped);
    }
}

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// Chooses who is heard: the loudest by smoothed energy, with an advantage for those who are heard already. In a room with one member more
/// than may be heard, or less, all are. Media thread only; allocates nothing in a tick.
/// </summary>
internal sealed class SpeakerSelector
{
    /// <summary>The greatest number that is a choice; more is all.</summary>
    public const int MaxSpeakers = 16;

    private readonly ISpeaker?[] _best = new ISpeaker?[MaxSpeakers];
    private readonly double[] _weights = new double[MaxSpeakers];

    /// <summary>Whether so many members are too many to be heard all.</summary>
    public static bool Chooses(int members, int max) => max <= MaxSpeakers && members - 1 > max;

    /// <summary>Decides for this tick.</summary>
    /// <param name="members">All of the room.</param>
    /// <param name="max">How many are heard, 1 to <see cref="MaxSpeakers"/>; beyond: all.</param>
    public void Select(List<RoomMember> members, int max)
    {
        if (!Chooses(members.Count, max))
        {
            foreach (var member in members)
                member.Speaker.ChooseAtOnce();
            return;
        }

        var count = 0;
        foreach (var member in members)
        {
            if (member.IsCandidate && !member.IsBesides)
                count = Insert(member, count, max);
        }

        foreach (var member in members)
            member.Speaker.Choose(member.IsBesides || Array.IndexOf(_best, member, 0, count) >= 0);
        Array.Clear(_best);
    }

    /// <summary>Chooses the loudest of those who speak, however many there are.</summary>
    public void SelectLoudest<T>(List<T> speakers, int max)
        where T : class, ISpeaker
    {
        var count = 0;
        foreach (var speaker in speakers)
        {
            if (speaker.IsCandidate)
                count = Insert(speaker, count, max);
        }

        foreach (var speaker in speakers)
            speaker.Speaker.Choose(Array.IndexOf(_best, speaker, 0, count) >= 0);
        Array.Clear(_best);
    }

    private int Insert(ISpeaker member, int count, int max)
    {
        var weight = member.Speaker.Weight;
        var place = count;
        while (place > 0 && weight > _weights[place - 1])
            place--;
        if (place >= max)
            return count;
        count = Math.Min(count + 1, max);
        for (var i = count - 1; i > place; i--)
            (_best[i], _weights[i]) = (_best[i - 1], _weights[i - 1]);
        (_best[place], _weights[place]) = (member, weight);
        return count;
    }
}

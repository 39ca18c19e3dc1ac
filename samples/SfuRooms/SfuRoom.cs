using Atm0s.Sip.Hooks;

namespace SfuRooms;

/// <summary>One room: what a member says goes to all others as it is.</summary>
internal sealed class SfuRoom
{
    private ISfuMember[] _members = []; // another one for each change

    public IReadOnlyList<ISfuMember> Members
    {
        get => _members;
        set => Volatile.Write(ref _members, [.. value]);
    }

    public void Forward(ISfuMember from, in OpusFrame frame)
    {
        foreach (var member in Volatile.Read(ref _members))
        {
            if (member != from)
                member.Hear(from.Name, frame);
        }
    }
}

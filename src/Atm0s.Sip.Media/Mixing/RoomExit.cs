using Atm0s.Sip.Media.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>How members leave a room: what one throws on its way out is written down, and costs no other.</summary>
internal sealed class RoomExit(string room, ILogger logger)
{
    /// <summary>Tells a member that it has failed.</summary>
    public void Tell(RoomMember member)
    {
        try
        {
            member.OnFailed();
        }
        catch (Exception e)
        {
            MediaLog.MemberEnded(logger, e, room);
        }
    }

    /// <summary>Tells a member that its turn was taken away.</summary>
    public void TellOfLoss(RoomMember member)
    {
        try
        {
            member.OnTurnLost();
        }
        catch (Exception e)
        {
            MediaLog.MemberEnded(logger, e, room);
        }
    }

    /// <summary>Has it release what it has.</summary>
    public void LetGo(RoomMember member, TimeSpan now)
    {
        try
        {
            member.Release(now);
        }
        catch (Exception e)
        {
            MediaLog.MemberEnded(logger, e, room);
        }
    }
}

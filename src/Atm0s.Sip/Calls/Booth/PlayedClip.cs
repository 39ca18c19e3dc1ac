using Atm0s.Sip.Sounds;

namespace Atm0s.Sip.Calls.Booth;

/// <summary>A clip that is being played to a phone. On the call's shard.</summary>
internal sealed class PlayedClip(ClipPlayer player, BoothSeat seat, PlayOptions options, Action<PlayResult> onDone)
{
    private PlayEnd? _end;
    private char? _key;

    public PlayOptions Options => options;

    /// <summary>Ends it within a frame; the first reason counts, and the others are told false.</summary>
    public bool Stop(PlayEnd why, char? key = null)
    {
        if (_end is not null)
            return false;
        (_end, _key) = (why, key);
        player.Stop();
        return true;
    }

    /// <summary>It is heard no more.</summary>
    public void Leave() => seat.Remove(player);

    /// <summary>Tells what became of it. Once.</summary>
    /// <param name="why">Unless it was stopped before.</param>
    public void Tell(PlayEnd why) => onDone(new PlayResult(_end ?? why, player.Played, _key));
}

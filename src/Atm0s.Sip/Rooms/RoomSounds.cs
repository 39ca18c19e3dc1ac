using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Sounds;

namespace Atm0s.Sip.Rooms;

/// <summary>
/// What a room plays by itself: ringing while others are being called, music while somebody is alone, notes when somebody comes or goes.
/// Under the room's lock.
/// </summary>
internal sealed class RoomSounds(MixRoom mix, SoundOptions options, SipScheduler scheduler)
{
    // A sound is heard beside those who speak, and takes the place of none.
    private static readonly MemberRule Beside = new() { IsPinned = true };

    private ClipPlayer? _playing;
    private ClipPlayer? _tone;
    private AudioClip? _clip;

    /// <summary>Members came, connected or left.</summary>
    /// <param name="members">Members now.</param>
    /// <param name="connected">Those of them that are connected.</param>
    /// <param name="hasCome">Whether one has just connected.</param>
    /// <param name="hasGone">Whether a connected one has just left.</param>
    public void OnChanged(int members, int connected, bool hasCome, bool hasGone)
    {
        Loop(Wanted(members, connected));
        if (hasCome && connected > 1 && options.JoinTone)
            PlayOnce(AudioClip.JoinTone);
        else if (hasGone && connected > 0 && options.LeaveTone)
            PlayOnce(AudioClip.LeaveTone);
    }

    private AudioClip? Wanted(int members, int connected)
    {
        if (connected > 1 || members == 0)
            return null;
        if (members > connected && options.Ringback)
            return AudioClip.Ringback;
        return connected == 1 ? options.AloneClip : null;
    }

    private void Loop(AudioClip? clip)
    {
        if (ReferenceEquals(_clip, clip))
            return;
        _playing?.Stop();
        (_clip, _playing) = (clip, clip is null ? null : Add(Make(clip, loops: true)));
    }

    // Where many come at once one tone says so.
    private void PlayOnce(AudioClip clip)
    {
        var player = Make(clip, loops: false);
        if (Interlocked.CompareExchange(ref _tone, player, null) is null)
            Add(player);
    }

    private ClipPlayer Make(AudioClip clip, bool loops)
    {
        ClipPlayer player = null!;
        player = new ClipPlayer(clip, clip.SampleRate, new PlayOptions { Loop = loops }, scheduler, () => OnOver(player));
        return player;
    }

    private ClipPlayer Add(ClipPlayer player)
    {
        mix.Add(player, Beside);
        return player;
    }

    private void OnOver(ClipPlayer player)
    {
        mix.Remove(player);
        Interlocked.CompareExchange(ref _tone, null, player);
    }
}

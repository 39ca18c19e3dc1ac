namespace Atm0s.Sip.Hooks;

/// <summary>
/// Somebody who speaks to one phone in Opus packets. They are put in order by their numbers; what is lost is concealed; what comes too early
/// or too much costs this source alone. All members may be used from any thread. Disposing of it takes it away: it fades out.
/// </summary>
public interface IOpusSource : IDisposable
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Frames that were lost because more came than may wait.</summary>
    long FramesLost { get; }

    /// <summary>
    /// Says something. Neither blocks nor allocates. A stream that begins anew may begin at any number; a jump counts from its second frame.
    /// </summary>
    /// <param name="frame">Copied. When the level is known it saves decoding of who is not heard.</param>
    /// <returns>False when it is no Opus packet, or the source or the call is gone.</returns>
    bool Push(in OpusFrame frame);
}

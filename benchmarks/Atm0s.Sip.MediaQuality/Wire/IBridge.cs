using System.Net;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.MediaQuality.Wire;

/// <summary>A bridge of audio that runs as a process of its own, with rooms that phones join with RTP.</summary>
internal interface IBridge : IAsyncDisposable
{
    /// <summary>What the tables call it.</summary>
    string Name { get; }

    /// <summary>Its process.</summary>
    int ProcessId { get; }

    /// <summary>Whether its phones may have this codec.</summary>
    bool Speaks(IAudioCodec codec);

    /// <summary>Lets a phone into a room.</summary>
    /// <param name="room">Number of the room; made when it is not there.</param>
    /// <param name="rate">Rate of the mix in Hz, where the bridge does not choose it itself.</param>
    /// <param name="codec">Codec of the phone.</param>
    /// <param name="phone">Where the phone hears.</param>
    /// <returns>Where the bridge hears it.</returns>
    Task<IPEndPoint> JoinAsync(int room, int rate, IAudioCodec codec, IPEndPoint phone);

    /// <summary>Keys of a phone, as the bridge has them; null when it speaks plain RTP.</summary>
    /// <param name="phone">As which it has joined its room, from 0 on.</param>
    SrtpKeys? KeysOf(int phone) => null;

    /// <summary>Lets everybody go.</summary>
    Task ClearAsync();
}

using Atm0s.Sip.MediaQuality.Lines;
using Atm0s.Sip.MediaQuality.Streams;

namespace Atm0s.Sip.MediaQuality.Wire;

/// <summary>Talkers and a listener in a room of their own on one bridge.</summary>
/// <param name="Talkers">Who talks, and how the packets arrive.</param>
/// <param name="Listener">Who listens.</param>
/// <param name="Rate">Rate of the mix, where the bridge does not choose it itself.</param>
internal sealed record WireScene(IReadOnlyList<(Talker Talker, IReadOnlyList<Arrival> Arrivals)> Talkers, Listener Listener, int Rate)
{
    /// <summary>Whether a bridge can play it.</summary>
    public bool Suits(IBridge bridge) => Talkers.All(talker => bridge.Speaks(talker.Talker.Codec)) && bridge.Speaks(Listener.Codec);
}

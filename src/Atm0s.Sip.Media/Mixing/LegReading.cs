using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Figures of a leg, as a tick leaves them.</summary>
internal struct LegReading
{
    public SrtpSuite? Suite;
    public long Sent;
    public long Received;
    public long Refused;
    public long Lost;
    public double JitterMilliseconds;
    public TimeSpan? RoundTrip;
    public TimeSpan JitterBufferDelay;
    public PlayoutTotals Playout;
    public double? Mos;
    public int Level;
    public bool IsTalking;
    public double ReceivedEnergy;
    public double SentEnergy;
    public long Ticks;
}

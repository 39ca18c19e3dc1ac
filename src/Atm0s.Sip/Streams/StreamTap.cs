using Atm0s.Sip.Bots;
using Atm0s.Sip.Calls.Booth;

namespace Atm0s.Sip.Streams;

/// <summary>Brings the directions of a call that are wanted to their tracks. The tick.</summary>
internal sealed class StreamTap(BotPort? said, BotPort? heard) : IBoothTap
{
    public void OnFrame(ReadOnlySpan<short> saidFrame, ReadOnlySpan<short> heardFrame)
    {
        // The one that is waited for comes last.
        heard?.Write(heardFrame);
        said?.Write(saidFrame);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Atm0s.Sip.Bots;

/// <summary>What a bot hears, as frames of 20 ms, each an array of its own.</summary>
internal sealed class HeardFrames(BotPort port) : ChannelReader<ReadOnlyMemory<short>>
{
    public override bool CanCount => true;

    public override int Count => port.Hearing.Count / port.FrameLength;

    public override bool TryRead([MaybeNullWhen(false)] out ReadOnlyMemory<short> item)
    {
        item = default;
        if (port.Hearing.Count < port.FrameLength)
            return false;
        var frame = new short[port.FrameLength];
        if (port.Hearing.Read(frame, whole: true) == 0)
            return false;
        item = frame;
        return true;
    }

    public override async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // First the wait, then the look: nothing comes unseen between the two.
            var more = port.Work.WaitForAudioAsync();
            if (port.Hearing.Count >= port.FrameLength)
                return true;
            if (port.Work.IsOver)
                return false;
            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

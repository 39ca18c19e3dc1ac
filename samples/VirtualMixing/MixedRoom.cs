using System.Threading.Channels;
using Atm0s.Sip;
using Atm0s.Sip.Hooks;

namespace VirtualMixing;

/// <summary>A room: the three loudest are in its slots, and each slot goes to all but whoever is in it.</summary>
internal sealed class MixedRoom : IVirtualMixerListener
{
    private readonly Channel<string> _news = Channel.CreateBounded<string>(
        new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest });

    private MixedSeat[] _seats = []; // another one for each change

    public MixedRoom(TimeProvider time, TextWriter log)
    {
        Mixer = new VirtualMixer(this, slots: 3, time);
        _ = PrintAsync(log);
    }

    public VirtualMixer Mixer { get; }

    public IReadOnlyList<MixedSeat> Seats
    {
        get => _seats;
        set => Volatile.Write(ref _seats, [.. value]);
    }

    // On a media thread: what takes its time is done elsewhere.
    public void OnSlotChanged(int slot, string? speaker, string? before) => _news.Writer.TryWrite($"slot {slot}: {speaker ?? "nobody"}");

    public void OnFrame(int slot, string speaker, in OpusFrame frame)
    {
        foreach (var seat in Volatile.Read(ref _seats))
            seat.Hear(slot, speaker, frame);
    }

    private async Task PrintAsync(TextWriter log)
    {
        await foreach (var line in _news.Reader.ReadAllAsync())
            await log.WriteLineAsync(line);
    }
}

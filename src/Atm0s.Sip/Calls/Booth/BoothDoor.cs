using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Booth;

/// <summary>Stands for a phone in its room while it is in its booth: one and the same for all of the call, for rules name it.</summary>
internal sealed class BoothDoor : IPcmEndpoint
{
    private volatile BoothSeat? _seat;
    private volatile object? _knownAs;

    public int SampleRate { get; private set; } = 8000;

    /// <inheritdoc/>
    public object KnownAs
    {
        get => _knownAs ?? this;
        set => _knownAs = value;
    }

    /// <summary>Leads to a booth from now on; null to none.</summary>
    public void LeadTo(BoothSeat? seat)
    {
        SampleRate = seat?.SampleRate ?? SampleRate;
        _seat = seat;
    }

    // A member that is on its way out may still have the rate of before.
    public bool Read(Span<short> frame) => _seat is { } seat && frame.Length == seat.SampleRate / 50 && seat.ReadOutside(frame);

    public void Write(ReadOnlySpan<short> frame)
    {
        if (_seat is { } seat && frame.Length == seat.SampleRate / 50)
            seat.WriteOutside(frame);
    }
}

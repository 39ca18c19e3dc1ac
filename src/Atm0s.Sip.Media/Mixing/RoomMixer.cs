using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Net;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// Mixes the members of a room at the highest of their rates. When that changes, the new mix runs beside the old one for two ticks: in the
/// first its
/// filters fill, in the second it is faded in. So nobody hears a click or a hole. Media thread only.
/// </summary>
internal sealed class RoomMixer(ILogger logger)
{
    private readonly SpeakerSelector _selector = new();
    private MixBus _bus = new(8000);
    private MixBus? _next;
    private bool _isFilled; // the filters of the next mix are
    private MixBus? _spare;

    /// <summary>Rate of the mix that is heard, in Hz.</summary>
    public int Rate => _bus.Rate;

    /// <summary>Leaves a mix for a coming change of the rate, so that the tick need not make it. Any thread.</summary>
    public void Provide(MixBus mix) => Volatile.Write(ref _spare, mix);

    /// <summary>Members have come, gone or changed their rates.</summary>
    public void Follow(List<RoomMember> members)
    {
        if (_next is null)
        {
            var (rate, isHeard) = (8000, false);
            foreach (var member in members)
            {
                rate = Math.Max(rate, member.Rate);
                isHeard |= member.IsMixed;
            }

            if (rate != _bus.Rate && isHeard)
                (_next, _isFilled) = (Take(rate), false);
            else if (rate != _bus.Rate)
                _bus = Take(rate);
        }

        foreach (var member in members)
            member.Follow(_bus.Rate, _next?.Rate);
    }

    /// <summary>Encoders for what all listeners hear.</summary>
    public EncodeGroups Groups { get; } = new(logger);

    /// <summary>20 ms.</summary>
    /// <param name="members">All of the room.</param>
    /// <param name="maxSpeakers">How many of them are heard.</param>
    /// <param name="maxComplexity">That encoders do not exceed, 0 to 10.</param>
    /// <param name="now">Time of the tick.</param>
    public void Mix(List<RoomMember> members, int maxSpeakers, int maxComplexity, TimeSpan now)
    {
        Groups.Begin(members.Count, maxComplexity);
        var isChanging = false;
        for (var i = 0; i < members.Count; i++)
        {
            if (i % SocketBatch.Capacity == 0)
                Fetch(CollectionsMarshal.AsSpan(members)[i..]);
            members[i].Pull(now);
            isChanging |= !ReferenceEquals(members[i].Rule, members[i].RuleBefore);
        }

        _selector.Select(members, maxSpeakers);
        _bus.Begin(isChanging);
        _next?.Begin(isChanging);
        foreach (var member in members)
            member.Say(_bus, _next);
        foreach (var member in members)
            member.Push(_bus, _next, _isFilled, Groups, now);
        if (_next is null)
            return;
        if (_isFilled)
            Advance(members);
        else
            _isFilled = true;
    }

    // What came for the next of them.
    private static void Fetch(ReadOnlySpan<RoomMember> members)
    {
        if (SocketBatch.Current is not { } batch)
            return;
        batch.BeginFetch();
        foreach (var member in members[..Math.Min(members.Length, SocketBatch.Capacity)])
        {
            if (member.Awaited is { } socket)
                batch.Ask(socket);
        }

        batch.Fetch();
    }

    private void Advance(List<RoomMember> members)
    {
        (_bus, _next, _isFilled) = (_next!, null, false);
        foreach (var member in members)
            member.Advance();
        // What has changed meanwhile.
        Follow(members);
    }

    private MixBus Take(int rate) => Interlocked.Exchange(ref _spare, null) is { } mix && mix.Rate == rate ? mix : new MixBus(rate);
}

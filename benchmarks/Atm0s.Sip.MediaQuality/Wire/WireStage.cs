using System.Diagnostics;
using System.Net.Sockets;
using Atm0s.Sip.MediaQuality.Streams;

namespace Atm0s.Sip.MediaQuality.Wire;

/// <summary>
/// Plays many scenes at once, on several bridges, from one thread: what two bridges get of a scene they get in the same moment, one after
/// the other.
/// </summary>
internal sealed class WireStage : IDisposable
{
    private readonly List<WireLeg> _legs = [];
    private readonly List<(Listener Listener, WireLeg Leg, SilentTalker Silence)> _listeners = [];
    private readonly List<(TimeSpan At, WireLeg Leg, ReadOnlyMemory<byte> Packet)> _script = [];
    private int _rooms;

    /// <summary>Puts a scene on, in a room of its own.</summary>
    public async Task AddAsync(IBridge bridge, WireScene scene)
    {
        var room = ++_rooms;
        var ear = await JoinAsync(bridge, room, scene.Rate, scene.Listener.Codec);
        _listeners.Add((scene.Listener, ear, new SilentTalker(scene.Listener.Codec)));
        foreach (var (talker, arrivals) in scene.Talkers)
        {
            var leg = await JoinAsync(bridge, room, scene.Rate, talker.Codec);
            foreach (var arrival in arrivals)
            {
                if (arrival.At is { } at)
                    _script.Add((at, leg, talker.Packet(arrival.Index)));
            }
        }
    }

    /// <summary>Plays all of them to their ends.</summary>
    /// <returns>How late the sender was at most: a machine that is too busy measures itself.</returns>
    public TimeSpan Play()
    {
        _script.Sort((a, b) => a.At.CompareTo(b.At));
        var buffer = new byte[2048];

        // What came while the others joined is no part of the play.
        foreach (var (_, leg, _) in _listeners)
        {
            while (leg.Rtp.Receive(buffer, SocketFlags.None, out var error) >= 0 && error == SocketError.Success)
            {
            }
        }

        var clock = Stopwatch.StartNew();
        var (next, latest, silence) = (0, TimeSpan.Zero, TimeSpan.Zero);
        for (var end = _script[^1].At + TimeSpan.FromSeconds(1); clock.Elapsed < end;)
        {
            for (; next < _script.Count && _script[next].At <= clock.Elapsed; next++)
            {
                var late = clock.Elapsed - _script[next].At;
                latest = late > latest ? late : latest;
                Send(_script[next].Leg.Rtp, _script[next].Packet.Span);
            }

            for (; silence <= clock.Elapsed; silence += Talker.PacketTime)
            {
                foreach (var (_, leg, nothing) in _listeners)
                    Send(leg.Rtp, nothing.Next());
            }

            foreach (var (listener, leg, _) in _listeners)
            {
                while (leg.Rtp.Receive(buffer, SocketFlags.None, out var error) is var count && error == SocketError.Success)
                    listener.Hear(buffer.AsSpan(0, count), clock.Elapsed);
            }

            Thread.Sleep(1);
        }

        return latest;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var leg in _legs)
            leg.Dispose();
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> packet) => socket.Send(packet, SocketFlags.None, out _);

    private async Task<WireLeg> JoinAsync(IBridge bridge, int room, int rate, Media.Codecs.IAudioCodec codec)
    {
        var leg = new WireLeg();
        _legs.Add(leg);
        leg.Connect(await bridge.JoinAsync(room, rate, codec, leg.LocalEndPoint));
        return leg;
    }
}

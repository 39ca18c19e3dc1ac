using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Tests.Mixing;

namespace Atm0s.Sip.Media.Tests.Engine;

/// <summary>How long audio stays in the bridge: from the packet in which it comes to the packet in which it goes.</summary>
public sealed class LatencyTests
{
    private const int Rooms = 12;
    private const int Packets = 250;
    private const int Marked = 16; // bytes that a packet is found again by

    /// <summary>
    /// Phones of twelve rooms send at all moments of a period, and the rooms tick at all of them. Time goes in steps of 5 ms, and a packet
    /// comes when a step has just begun: what is measured is more than it takes, by 2.5 ms in the middle.
    /// </summary>
    [TestCase(1), TestCase(2), TestCase(3)]
    public void TwelveRooms_AddThirteenMillisecondsInTheMiddle(int seed)
    {
        using var world = new MediaWorld();
        var random = new Random(seed);
        var lines = Enumerable.Range(0, Rooms).Select(i => new Line(world, world.Engine.CreateRoom($"{i}"), (i + (i / 4) + seed) % 4, random)).ToArray();
        for (var step = 0; step < (Packets + 10) * MediaClock.SubTicks; step++)
        {
            foreach (var line in lines)
                line.Send(step);
            world.Clock.Advance(MediaClock.SubTick);
            foreach (var line in lines)
                line.Take(step + 1);
        }

        var all = lines.SelectMany(line => line.Delays().Skip(50)).Order().ToArray();
        Assert.That(all, Has.Length.GreaterThan(Rooms * 190), "nothing was lost, or changed");
        TestContext.Out.WriteLine(
            $"p50 {all[all.Length / 2]}, p95 {all[all.Length * 95 / 100]}, max {all[^1]} ms; by room {string.Join(' ', lines.Select(line => line.Delays().Skip(50).Average()))}");
        Assert.That(all[all.Length / 2] - (MediaClock.SubTick.TotalMilliseconds / 2), Is.LessThanOrEqualTo(13), "the median");
        Assert.That(all[^1], Is.LessThanOrEqualTo(25), "and none waits for more than its tick");
    }

    /// <summary>One who speaks, and two who listen.</summary>
    private sealed class Line
    {
        private readonly TestPhone _speaker;
        private readonly TestPhone _listener;
        private readonly int _phase; // steps
        private readonly List<byte[]> _said = [];
        private readonly List<(int Step, int End)> _came = []; // up to which byte of what was heard, when
        private readonly List<byte> _heard = [];

        public Line(MediaWorld world, MixRoom room, int phase, Random random)
        {
            _speaker = world.AddPhone(room: room, run: false);
            _listener = world.AddPhone(room: room, run: false);
            world.AddPhone(room: room, run: false);
            _phase = phase;
            for (var i = 0; i < Packets; i++)
            {
                // Loud enough to be a voice; each byte of A-law comes back as the same byte.
                var payload = new byte[160];
                for (var k = 0; k < payload.Length; k++)
                    payload[k] = (byte)(((0x20 | random.Next(32)) ^ 0x55) | (random.Next(2) << 7));
                _said.Add(payload);
            }
        }

        public void Send(int step)
        {
            var number = (step - _phase - 8) / MediaClock.SubTicks;
            if (step < _phase + 8 || (step - _phase) % MediaClock.SubTicks != 0 || number >= Packets)
                return;
            var packet = new byte[172];
            RtpHeader.Write(packet, 8, false, (ushort)number, (uint)number * 160, 7);
            _said[number].CopyTo(packet, RtpHeader.Length);
            _speaker.Send(packet);
        }

        public void Take(int step)
        {
            var before = _listener.Rtp.Count;
            _listener.AfterTick();
            _speaker.AfterTick();
            foreach (var packet in _listener.Rtp.Skip(before).Where(packet => packet.Length > RtpHeader.Length))
            {
                _heard.AddRange(packet[RtpHeader.Length..]);
                _came.Add((step, _heard.Count));
            }
        }

        /// <summary>Of each packet whose first samples were heard again, in ms.</summary>
        public IEnumerable<double> Delays()
        {
            var heard = _heard.ToArray().AsMemory();
            var from = 0;
            for (var i = 0; i < Packets; i++)
            {
                var at = heard.Span[from..].IndexOf(_said[i].AsSpan(0, Marked));
                if (at < 0)
                    continue;
                from += at;
                var sent = _phase + 8 + (i * MediaClock.SubTicks);
                yield return (_came.First(packet => packet.End > from).Step - sent) * MediaClock.SubTick.TotalMilliseconds;
            }
        }
    }
}

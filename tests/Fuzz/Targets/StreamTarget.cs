using System.Buffers;
using Atm0s.Sip.Core.Framing;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Fuzz.Targets;

/// <summary>
/// A stream: the first byte says how it is cut, the others are what comes. In one piece, in a sequence of pieces (empty ones among them),
/// and piece by piece it has the same messages and the same end.
/// </summary>
internal sealed class StreamTarget : FuzzTarget
{
    private static readonly SipLimits Limits = new() { MaxMessageSize = 2048 };

    public override string Name => "stream";

    public override IEnumerable<byte[]> Seeds()
    {
        var cut = 0;
        foreach (var message in SeedFiles.Read("messages", "rfc4475", "advisory"))
        {
            yield return [(byte)cut++, .. message];
            yield return [(byte)cut++, .. "\r\n\r\n"u8, .. message, .. "\r\n"u8, .. message];
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var bytes = input[1..].ToArray();
        var whole = Read(new ReadOnlySequence<byte>(bytes));
        foreach (var (length, _) in whole)
        {
            if (length > 0)
                Must(length <= Limits.MaxMessageSize, "A message larger than may be.");
        }

        Must(whole.SequenceEqual(Read(Cut(bytes, input[0]))), "In pieces it reads as something else.");
        Must(whole.SequenceEqual(ReadAsItComes(bytes, input[0])), "Piece by piece it reads as something else.");
    }

    // Lengths of the messages, and how it ended.
    private static List<(int Length, SipRefusal End)> Read(ReadOnlySequence<byte> stream)
    {
        var found = new List<(int, SipRefusal)>();
        var framer = new SipStreamFramer(Limits);
        while (Next(framer, ref stream, found))
        {
        }

        return found;
    }

    private static List<(int Length, SipRefusal End)> ReadAsItComes(byte[] bytes, byte seed)
    {
        var found = new List<(int, SipRefusal)>();
        var framer = new SipStreamFramer(Limits);
        var (start, end) = (0, 0);
        for (var i = 0; end < bytes.Length; i++)
        {
            end = Math.Min(bytes.Length, end + PieceLength(seed, i));
            var there = Cut(bytes[start..end], (byte)(seed + i));
            var before = there.Length;
            while (Next(framer, ref there, found))
            {
            }

            if (found.Count > 0 && found[^1].Item2 != SipRefusal.None)
                break;
            start += (int)(before - there.Length);
        }

        return found;
    }

    private static bool Next(SipStreamFramer framer, ref ReadOnlySequence<byte> stream, List<(int, SipRefusal)> found)
    {
        var frame = framer.Read(stream);
        if (frame.Kind == FrameKind.NeedMore)
            return false;
        Must(frame.Length > 0 && frame.Length <= stream.Length, "A thing of no length, or longer than what is there.");
        if (frame.Kind == FrameKind.Refused)
        {
            found.Add((0, frame.Refusal));
            return false;
        }

        if (frame.Kind == FrameKind.Message)
        {
            found.Add(((int)frame.Length, SipRefusal.None));
            if (SipParser.TryParse(stream.Slice(0, frame.Length).ToArray(), Limits, isStream: true, out var message, out _))
                message.Dispose();
        }

        stream = stream.Slice(frame.Length);
        return true;
    }

    private static int PieceLength(byte seed, int i) => (((seed * 7) + (i * 13)) % 97) + 1;

    private static ReadOnlySequence<byte> Cut(byte[] bytes, byte seed)
    {
        var first = new Segment(default, null);
        var last = first;
        var at = 0;
        for (var i = 0; at < bytes.Length; i++)
        {
            // Every third is empty.
            var length = (seed + i) % 3 == 0 ? 0 : Math.Min(bytes.Length - at, PieceLength(seed, i));
            last = new Segment(bytes.AsMemory(at, length), last);
            at += length;
        }

        last = new Segment(default, last);
        return new ReadOnlySequence<byte>(first, 0, last, 0);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}

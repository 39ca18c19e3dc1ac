using System.Buffers;
using System.Text;
using Atm0s.Sip.Core.Framing;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Tests.Framing;

/// <summary>A connection as a framer sees it: pieces come in, frames go out.</summary>
internal sealed class PieceStream(SipLimits? limits = null)
{
    private readonly SipStreamFramer _framer = new(limits ?? SipLimits.Default);
    private readonly List<byte[]> _segments = [];

    public List<string> Messages { get; } = [];

    public int Pings { get; private set; }

    public int Blanks { get; private set; }

    public FrameResult Refusal { get; private set; }

    /// <summary>Bytes that nothing was made of yet.</summary>
    public int Left => _segments.Sum(s => s.Length);

    /// <summary>What a stream makes of pieces that come one after the other; each stays a segment of its own.</summary>
    public static PieceStream Of(params string[] pieces)
    {
        var stream = new PieceStream();
        foreach (var piece in pieces)
            stream.Add(Encoding.UTF8.GetBytes(piece));
        return stream;
    }

    public void Add(byte[] piece)
    {
        if (piece.Length > 0)
            _segments.Add(piece);
        while (Refusal.Kind != FrameKind.Refused)
        {
            var sequence = Segment.Join(_segments);
            var frame = _framer.Read(sequence);
            if (frame.Kind == FrameKind.NeedMore)
                return;
            Take(frame, sequence);
            Consume(frame.Length);
        }
    }

    private void Take(FrameResult frame, ReadOnlySequence<byte> sequence)
    {
        switch (frame.Kind)
        {
            case FrameKind.Message: Messages.Add(Encoding.UTF8.GetString(sequence.Slice(0, frame.Length))); break;
            case FrameKind.Ping: Pings++; break;
            case FrameKind.Blank: Blanks++; break;
            default: Refusal = frame; break;
        }
    }

    private void Consume(long length)
    {
        while (length > 0)
        {
            var first = _segments[0];
            var take = (int)Math.Min(length, first.Length);
            length -= take;
            if (take == first.Length)
                _segments.RemoveAt(0);
            else
                _segments[0] = first[take..];
        }
    }
}

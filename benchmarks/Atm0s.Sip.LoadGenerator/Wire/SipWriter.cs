using System.Buffers.Text;
using System.Text;

namespace Atm0s.Sip.LoadGenerator.Wire;

/// <summary>Writes one message after another into the same bytes. What does not fit is a defect of the generator: it throws.</summary>
internal sealed class SipWriter(int size)
{
    private readonly byte[] _buffer = new byte[size];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    private Span<byte> Rest => _buffer.AsSpan(Length);

    /// <summary>Forgets what was written.</summary>
    public SipWriter Begin()
    {
        Length = 0;
        return this;
    }

    public SipWriter Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Rest);
        Length += text.Length;
        return this;
    }

    public SipWriter Text(string text)
    {
        Length += Encoding.UTF8.GetBytes(text, Rest);
        return this;
    }

    public SipWriter Number(long number)
    {
        if (!Utf8Formatter.TryFormat(number, Rest, out var written))
            throw new InvalidOperationException("The message is too long.");
        Length += written;
        return this;
    }

    /// <summary>Six digits and more, as in user names.</summary>
    public SipWriter Padded(int number)
    {
        for (var limit = 100_000; limit > 1 && number < limit; limit /= 10)
            _buffer[Length++] = (byte)'0';
        return Number(number);
    }

    /// <summary>Eight hexadecimal digits.</summary>
    public SipWriter Hex(uint number)
    {
        for (var shift = 28; shift >= 0; shift -= 4)
            _buffer[Length++] = "0123456789abcdef"u8[(int)(number >> shift) & 15];
        return this;
    }

    /// <summary>Four numbers with dots.</summary>
    public SipWriter Address(uint address)
    {
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            Number((address >> shift) & 255);
            if (shift > 0)
                _buffer[Length++] = (byte)'.';
        }

        return this;
    }

    /// <summary>The end of the headers, and the body.</summary>
    public SipWriter Body(ReadOnlySpan<byte> body)
    {
        if (body.Length > 0)
            Text("Content-Type: application/sdp\r\n"u8);
        return Text("Content-Length: "u8).Number(body.Length).Text("\r\n\r\n"u8).Text(body);
    }
}

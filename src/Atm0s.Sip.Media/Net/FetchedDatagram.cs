using Atm0s.Sip.Media.Native;

namespace Atm0s.Sip.Media.Net;

/// <summary>What the system is asked to write a datagram into, and then that datagram, until its socket is asked for it.</summary>
internal sealed unsafe class FetchedDatagram(SocketBatch batch, byte* memory)
{
    /// <summary>Bytes of a datagram at most, as of the buffers of who reads.</summary>
    public const int MaxLength = 2048;

    /// <summary>Bytes of memory that it takes.</summary>
    public const int Size = MaxLength + 256;

    private const int NameAt = 128;
    private const int ControlAt = NameAt + 64;
    private const int DataAt = 256;

    /// <summary>Whose thread it belongs to.</summary>
    public SocketBatch Batch => batch;

    /// <summary>Whose it is.</summary>
    public LinuxMediaSocket? Socket { get; set; }

    /// <summary>What the system is given.</summary>
    public MessageHeader* Header => (MessageHeader*)memory;

    /// <summary>Its length; below zero the error.</summary>
    public int Result { get; set; }

    public ReadOnlySpan<byte> Data => new(memory + DataAt, Math.Max(0, Result));

    public ReadOnlySpan<byte> Name => new(memory + NameAt, (int)Header->NameLength);

    public ReadOnlySpan<byte> Control => new(memory + ControlAt, (int)Header->ControlLength);

    /// <summary>Makes it ready for the system to write to.</summary>
    /// <param name="isStamped">Whether its time is asked for.</param>
    public void Prepare(bool isStamped)
    {
        var vector = (IoVector*)(memory + sizeof(MessageHeader));
        *vector = new IoVector { Data = memory + DataAt, Length = MaxLength };
        *Header = new MessageHeader
        {
            Name = memory + NameAt,
            NameLength = SocketName.MaxLength,
            Vectors = vector,
            VectorCount = 1,
            Control = memory + ControlAt,
            ControlLength = isStamped ? ArrivalStamp.ControlLength : 0u,
        };
    }
}

using System.Buffers.Binary;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Dtls;

/// <summary>
/// The association of a leg's component: what the provider's threads tell of it, kept until the tick asks. The session keys are made on
/// their thread, not in the tick.
/// </summary>
internal sealed class LegDtls : IDtlsObserver, IDisposable
{
    private const int SourceLength = 22;
    private const int None = -1;

    private readonly IDtlsAssociation _association;
    private SrtpSession? _keys;
    private volatile int _failure = None;
    private volatile bool _isDisposed;

    public LegDtls(DtlsParameters parameters)
    {
        Role = parameters.Role;
        _association = parameters.Identity.Open(parameters, this);
    }

    /// <summary>Whether we begin.</summary>
    public DtlsRole Role { get; }

    /// <summary>Why there are no keys, or none any more; null while that is open, or well. Any thread.</summary>
    public MediaFailure? Failure => _failure == None ? null : (MediaFailure)_failure;

    /// <summary>Takes the keys, once they are there.</summary>
    public SrtpSession? TakeKeys() => Volatile.Read(ref _keys) is null ? null : Interlocked.Exchange(ref _keys, null);

    /// <summary>The way to the peer is there.</summary>
    /// <param name="destination">Where it leads.</param>
    public void Start(MediaAddress destination)
    {
        _association.SetNetwork(destination.Network);
        _association.Start();
    }

    /// <summary>Takes a datagram.</summary>
    /// <param name="datagram">All of it.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="isPath">Whether the peer may as well send from elsewhere: then it is not known by its address.</param>
    /// <returns>False when it was dropped.</returns>
    public bool OnDatagram(ReadOnlySpan<byte> datagram, MediaAddress source, bool isPath)
    {
        _association.SetNetwork(source.Network);
        if (isPath)
            source = default;
        Span<byte> name = stackalloc byte[SourceLength];
        BinaryPrimitives.WriteUInt64BigEndian(name, source.High);
        BinaryPrimitives.WriteUInt64BigEndian(name[8..], source.Low);
        BinaryPrimitives.WriteUInt32BigEndian(name[16..], source.Scope);
        BinaryPrimitives.WriteUInt16BigEndian(name[20..], source.Port);
        return _association.OnDatagram(datagram, name);
    }

    /// <summary>Takes what is to be sent.</summary>
    /// <param name="datagram">At least 1500 bytes.</param>
    /// <param name="length">Length of the datagram.</param>
    /// <param name="destination">To whom; none when the path says that.</param>
    public bool TryTake(Span<byte> datagram, out int length, out MediaAddress destination)
    {
        destination = default;
        if (!_association.TryTake(datagram, out length, out var name))
            return false;
        if (name.Length == SourceLength)
        {
            destination = new MediaAddress(
                BinaryPrimitives.ReadUInt64BigEndian(name),
                BinaryPrimitives.ReadUInt64BigEndian(name[8..]),
                BinaryPrimitives.ReadUInt32BigEndian(name[16..]),
                BinaryPrimitives.ReadUInt16BigEndian(name[20..]));
        }

        return true;
    }

    /// <summary>Says good-bye.</summary>
    public void Close() => _association.Close();

    public void Dispose()
    {
        _isDisposed = true;
        _association.Dispose();
        Interlocked.Exchange(ref _keys, null)?.Dispose();
    }

    void IDtlsObserver.OnKeys(SrtpKeys keys)
    {
        Volatile.Write(ref _keys, new SrtpSession(keys));
        if (_isDisposed)
            Interlocked.Exchange(ref _keys, null)?.Dispose();
    }

    void IDtlsObserver.OnFailed(MediaFailure failure) => _failure = (int)failure;
}

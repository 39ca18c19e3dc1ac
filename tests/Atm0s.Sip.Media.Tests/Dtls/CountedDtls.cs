using Atm0s.Sip.Media.Dtls;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>A certificate whose associations do nothing but count.</summary>
internal sealed class CountedDtls : IDtlsIdentity
{
    private int _begun;
    private int _disposed;

    public CertificateFingerprint Fingerprint { get; } = CertificateFingerprint.Of([1, 2, 3]);

    public int Opened { get; private set; }

    /// <summary>Associations that have begun, as client or with a datagram.</summary>
    public int Begun => Volatile.Read(ref _begun);

    public int Disposed => Volatile.Read(ref _disposed);

    public IDtlsAssociation Open(DtlsParameters parameters, IDtlsObserver observer)
    {
        Opened++;
        return new Association(this);
    }

    private sealed class Association(CountedDtls owner) : IDtlsAssociation
    {
        private int _hasBegun;
        private int _isDisposed;

        public void Start()
        {
            if (Interlocked.Exchange(ref _hasBegun, 1) == 0)
                Interlocked.Increment(ref owner._begun);
        }

        public bool OnDatagram(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source)
        {
            Start();
            return true;
        }

        public bool TryTake(Span<byte> datagram, out int length)
        {
            length = 0;
            return false;
        }

        public void Close()
        {
            // There is nobody to tell.
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                Interlocked.Increment(ref owner._disposed);
        }
    }
}

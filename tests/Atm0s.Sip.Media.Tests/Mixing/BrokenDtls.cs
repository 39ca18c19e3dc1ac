using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>A certificate whose associations know no good-bye: they throw. One can be told to fail.</summary>
internal sealed class BrokenDtls : IDtlsIdentity
{
    private IDtlsObserver? _observer;

    public CertificateFingerprint Fingerprint { get; } = CertificateFingerprint.Of([1, 2, 3]);

    public bool Throws { get; init; } = true;

    public IDtlsAssociation Open(DtlsParameters parameters, IDtlsObserver observer)
    {
        _observer = observer;
        return new Association(this);
    }

    /// <summary>The handshake is through.</summary>
    public void GiveKeys(SrtpKeys keys) => _observer!.OnKeys(keys);

    /// <summary>The peer has said close_notify.</summary>
    public void Fail() => _observer!.OnFailed(MediaFailure.PeerClosed);

    private sealed class Association(BrokenDtls owner) : IDtlsAssociation
    {
        public void Start()
        {
            // Nothing begins.
        }

        public bool OnDatagram(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source) => false;

        public bool TryTake(Span<byte> datagram, out int length)
        {
            length = 0;
            return false;
        }

        public void Close()
        {
            if (owner.Throws)
                throw new InvalidOperationException("close");
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}

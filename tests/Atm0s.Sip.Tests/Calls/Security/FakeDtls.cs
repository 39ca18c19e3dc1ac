using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Tests.Calls.Security;

/// <summary>A provider whose handshakes end when the test says so.</summary>
internal sealed class FakeDtls : IDtlsProvider, IDtlsIdentity
{
    /// <summary>What was agreed on for each association, and who waits for its keys.</summary>
    public List<(DtlsParameters Parameters, IDtlsObserver Observer)> Opened { get; } = [];

    public IDtlsIdentity Identity => this;

    public CertificateFingerprint Fingerprint { get; } = CertificateFingerprint.Of("ours"u8);

    public IDtlsAssociation Open(DtlsParameters parameters, IDtlsObserver observer)
    {
        Opened.Add((parameters, observer));
        return new Association();
    }

    /// <summary>Keys of a suite, all bytes alike.</summary>
    public static SrtpKeys Keys(SrtpSuite suite, byte ours, byte theirs)
    {
        return new SrtpKeys(Of(ours), Of(theirs));

        SrtpKey Of(byte value) => new(
            suite, Enumerable.Repeat(value, suite.KeyLength).ToArray(), Enumerable.Repeat(value, suite.SaltLength).ToArray());
    }

    private sealed class Association : IDtlsAssociation
    {
        public void Start()
        {
        }

        public bool OnDatagram(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source) => true;

        public bool TryTake(Span<byte> datagram, out int length)
        {
            length = 0;
            return false;
        }

        public void Close()
        {
        }

        public void Dispose()
        {
        }
    }
}

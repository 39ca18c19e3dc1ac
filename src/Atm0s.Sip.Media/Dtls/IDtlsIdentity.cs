namespace Atm0s.Sip.Media.Dtls;

/// <summary>A certificate of ours with its key, by which handshakes are made. Any thread.</summary>
public interface IDtlsIdentity
{
    /// <summary>Its fingerprint, for <c>a=fingerprint</c>.</summary>
    CertificateFingerprint Fingerprint { get; }

    /// <summary>Makes an association, which does nothing before its first datagram or its start. Takes no time.</summary>
    /// <param name="parameters">What was agreed on.</param>
    /// <param name="observer">Told what comes of it.</param>
    IDtlsAssociation Open(DtlsParameters parameters, IDtlsObserver observer);
}

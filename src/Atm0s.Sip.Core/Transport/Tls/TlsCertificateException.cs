namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>A certificate, or the file that should hold it, can't be used; the message says which and why.</summary>
internal sealed class TlsCertificateException : IOException
{
    public TlsCertificateException(string message)
        : base(message)
    {
    }

    public TlsCertificateException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

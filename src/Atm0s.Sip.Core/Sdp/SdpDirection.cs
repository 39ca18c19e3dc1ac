namespace Atm0s.Sip.Core.Sdp;

/// <summary>Direction of a media stream, seen from the one who writes it (RFC 8866 §6.7).</summary>
[Flags]
public enum SdpDirection : byte
{
    /// <summary>Neither sends nor receives.</summary>
    Inactive = 0,

    /// <summary>Only sends.</summary>
    SendOnly = 1,

    /// <summary>Only receives.</summary>
    RecvOnly = 2,

    /// <summary>Sends and receives; the default.</summary>
    SendRecv = 3,
}

namespace Atm0s.Sip.Core.Sdp;

/// <summary>Audio payload types that need no rtpmap (RFC 3551 §6, table 4).</summary>
internal static class StaticFormats
{
    public static SdpFormat Of(int payloadType) => payloadType switch
    {
        0 => new(0, "PCMU", 8000, 1, null),
        3 => new(3, "GSM", 8000, 1, null),
        4 => new(4, "G723", 8000, 1, null),
        5 => new(5, "DVI4", 8000, 1, null),
        8 => new(8, "PCMA", 8000, 1, null),
        9 => new(9, "G722", 8000, 1, null),
        13 => new(13, "CN", 8000, 1, null),
        15 => new(15, "G728", 8000, 1, null),
        18 => new(18, "G729", 8000, 1, null),
        _ => new(payloadType, "", 0, 1, null),
    };
}

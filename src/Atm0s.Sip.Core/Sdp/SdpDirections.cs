namespace Atm0s.Sip.Core.Sdp;

/// <summary>Directions as attributes, and what they mean to the other side.</summary>
public static class SdpDirections
{
    /// <summary>The attribute's name.</summary>
    public static string ToAttribute(this SdpDirection direction) => direction switch
    {
        SdpDirection.SendRecv => "sendrecv",
        SdpDirection.SendOnly => "sendonly",
        SdpDirection.RecvOnly => "recvonly",
        _ => "inactive",
    };

    /// <summary>The direction of an attribute's name, or null.</summary>
    public static SdpDirection? Parse(ReadOnlySpan<char> attribute) => attribute switch
    {
        "sendrecv" => SdpDirection.SendRecv,
        "sendonly" => SdpDirection.SendOnly,
        "recvonly" => SdpDirection.RecvOnly,
        "inactive" => SdpDirection.Inactive,
        _ => null,
    };

    /// <summary>The same stream seen from the other side: sendonly is recvonly there.</summary>
    public static SdpDirection Reverse(this SdpDirection direction) =>
        (direction.HasFlag(SdpDirection.SendOnly) ? SdpDirection.RecvOnly : 0) | (
            direction.HasFlag(SdpDirection.RecvOnly) ? SdpDirection.SendOnly : 0);
}

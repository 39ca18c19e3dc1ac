namespace Atm0s.Sip.Core.Sdp;

/// <summary>How large a session description may be.</summary>
public sealed record SdpLimits
{
    /// <summary>The defaults.</summary>
    public static SdpLimits Default { get; } = new();

    /// <summary>Bytes in all. Default 32768.</summary>
    public int MaxSize { get; init; } = 32_768;

    /// <summary>m-lines. Default 16.</summary>
    public int MaxMedia { get; init; } = 16;

    /// <summary>Formats in one m-line. Default 64.</summary>
    public int MaxFormats { get; init; } = 64;

    /// <summary>Attributes in all. Default 256.</summary>
    public int MaxAttributes { get; init; } = 256;
}

namespace Atm0s.Sip.Core.Sdp;

/// <summary>Every way in which a session description is refused.</summary>
public enum SdpRefusal : byte
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Nothing there.</summary>
    Empty,

    /// <summary>Too many bytes.</summary>
    TooLarge,

    /// <summary>Not UTF-8, or a control character.</summary>
    BadCharacter,

    /// <summary>A line that is not "x=value".</summary>
    BadLine,

    /// <summary>It does not begin with v=0.</summary>
    BadVersion,

    /// <summary>No o-line, or a malformed one.</summary>
    BadOrigin,

    /// <summary>A malformed c-line.</summary>
    BadConnection,

    /// <summary>A malformed m-line.</summary>
    BadMedia,

    /// <summary>Too many m-lines.</summary>
    TooManyMedia,

    /// <summary>Too many formats in an m-line.</summary>
    TooManyFormats,

    /// <summary>Too many attributes.</summary>
    TooManyAttributes,
}

namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Who refreshes a session, seen from the request that carries or carried Session-Expires (RFC 4028 §4).</summary>
internal enum SessionRefresher : byte
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>The sender of the request.</summary>
    Uac,

    /// <summary>The receiver of the request.</summary>
    Uas,
}

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>What has become of one target that is rung.</summary>
internal enum RingReportKind : byte
{
    /// <summary>It rings, or is on its way.</summary>
    Ringing,

    /// <summary>It has answered.</summary>
    Answered,

    /// <summary>It has refused.</summary>
    Failed,

    /// <summary>It does not respond, or can't be reached at all.</summary>
    Gone,
}

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What a dialog is made of, whichever side made it (RFC 3261 §12.1.1, §12.1.2).</summary>
internal readonly struct DialogParts
{
    internal required byte[] CallId { get; init; }

    internal required byte[] LocalTag { get; init; }

    internal required byte[] RemoteTag { get; init; }

    internal required byte[] LocalUri { get; init; }

    internal required byte[] RemoteUri { get; init; }

    internal required byte[] RemoteTarget { get; init; }

    internal required uint? LocalCSeq { get; init; }

    internal required uint? RemoteCSeq { get; init; }

    internal required bool IsSecure { get; init; }

    internal required bool OwnsCallId { get; init; }
}

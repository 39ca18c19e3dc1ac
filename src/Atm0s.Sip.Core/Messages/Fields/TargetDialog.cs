using System.Text;

namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Target-Dialog (RFC 4538 §7): a dialog that the sender knows of. Tags as the receiver knows them.</summary>
/// <param name="CallId">Call-ID.</param>
/// <param name="LocalTag">Local tag of the receiver.</param>
/// <param name="RemoteTag">Remote tag of the receiver.</param>
internal sealed record TargetDialog(string CallId, string LocalTag, string RemoteTag)
{
    /// <summary>Reads the field of a request; null when there is none that can be read.</summary>
    public static TargetDialog? Read(SipMessage request) =>
        request.TryGetHeader(SipHeaderId.TargetDialog, out var value) && TryParse(value, out var field) ? field : null;

    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out TargetDialog? field)
    {
        field = null;
        if (!FieldParts.TrySplit(value, out var callId, out var parameters)
            || callId.ContainsAnyExcept(SipChars.Word)
            || !SipParameters.TryGet(parameters, "local-tag"u8, out var local) || !SipChars.IsToken(local)
            || !SipParameters.TryGet(parameters, "remote-tag"u8, out var remote) || !SipChars.IsToken(remote))
            return false;
        field = new TargetDialog(Encoding.ASCII.GetString(callId), Encoding.ASCII.GetString(local), Encoding.ASCII.GetString(remote));
        return true;
    }

    /// <summary>The value as it is written.</summary>
    public override string ToString() => $"{CallId};local-tag={LocalTag};remote-tag={RemoteTag}";
}

using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// Dialog identifier (RFC 3261 §12): Call-ID (compared byte by byte), local and remote tag (tokens, no case).
/// </summary>
internal readonly struct DialogId : IEquatable<DialogId>
{
    private DialogId(MatchKey key) => Match = key;

    /// <summary>Whether this is the default value, which matches nothing.</summary>
    public bool IsEmpty => Match.IsEmpty;

    internal MatchKey Match { get; }

    /// <summary>An identifier of its parts. An absent tag is empty.</summary>
    /// <param name="callId">Call-ID.</param>
    /// <param name="localTag">Our tag.</param>
    /// <param name="remoteTag">The peer's tag.</param>
    public static DialogId Create(ReadOnlySpan<byte> callId, ReadOnlySpan<byte> localTag, ReadOnlySpan<byte> remoteTag)
    {
        var builder = Build(callId, localTag, remoteTag, stackalloc byte[MatchKeyBuilder.UsualLength]);
        return new DialogId(builder.Finish());
    }

    /// <summary>The dialog that a received request belongs to: we are To.</summary>
    /// <param name="request">A received request.</param>
    public static DialogId ForRequest(SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Create(request.CallId, request.ToTag, request.FromTag);
    }

    /// <summary>The dialog that a received response belongs to: we are From.</summary>
    /// <param name="response">A received response.</param>
    public static DialogId ForResponse(SipMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Create(response.CallId, response.FromTag, response.ToTag);
    }

    /// <inheritdoc/>
    public bool Equals(DialogId other) => Match.Equals(other.Match);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DialogId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Match.GetHashCode();

    /// <summary>Whether two identifiers are of one dialog.</summary>
    public static bool operator ==(DialogId left, DialogId right) => left.Equals(right);

    /// <summary>Whether two identifiers are of different dialogs.</summary>
    public static bool operator !=(DialogId left, DialogId right) => !left.Equals(right);

    internal static MatchKeyBuilder Build(
        scoped ReadOnlySpan<byte> callId, scoped ReadOnlySpan<byte> localTag, scoped ReadOnlySpan<byte> remoteTag, Span<byte> buffer)
    {
        var builder = new MatchKeyBuilder(MatchKeyKind.Dialog, buffer);
        builder.Append(callId);
        builder.AppendToken(localTag);
        builder.AppendToken(remoteTag);
        return builder;
    }
}

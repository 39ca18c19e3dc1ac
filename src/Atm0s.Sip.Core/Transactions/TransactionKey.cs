using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// What a transaction is matched by: RFC 3261 §17.1.3 for responses, §17.2.3 for requests (an ACK has the key of its INVITE), with
/// the rules for RFC 2543 requests when the branch lacks the magic cookie.
/// </summary>
internal readonly struct TransactionKey : IEquatable<TransactionKey>
{
    internal TransactionKey(MatchKey key) => Match = key;

    /// <summary>Whether this is the default value, which matches nothing.</summary>
    public bool IsEmpty => Match.IsEmpty;

    /// <summary>Whether the request came from an RFC 2543 element (no magic cookie in the branch).</summary>
    public bool IsRfc2543 => Match.IsRfc2543;

    internal MatchKey Match { get; }

    /// <summary>The key of a client transaction that this element starts.</summary>
    /// <param name="branch">The branch of its top Via.</param>
    /// <param name="method">Its method.</param>
    /// <exception cref="ArgumentException">The method is <see cref="SipMethod.Other"/>: use the overload that takes the token.</exception>
    public static TransactionKey ForClient(string branch, SipMethod method)
    {
        if (method == SipMethod.Other)
            throw new ArgumentException("An unknown method is named by its token.", nameof(method));
        return ForClient(branch, method.ToToken());
    }

    /// <summary>The key of a client transaction that this element starts.</summary>
    /// <param name="branch">The branch of its top Via.</param>
    /// <param name="methodToken">Its method as written in CSeq.</param>
    public static TransactionKey ForClient(string branch, ReadOnlySpan<byte> methodToken)
    {
        ArgumentNullException.ThrowIfNull(branch);
        var builder = new MatchKeyBuilder(MatchKeyKind.Client, stackalloc byte[MatchKeyBuilder.UsualLength]);
        AppendClient(ref builder, Encoding.UTF8.GetBytes(branch), methodToken);
        return new TransactionKey(builder.Finish());
    }

    /// <summary>The key of the client transaction that a response belongs to.</summary>
    /// <param name="response">A received response.</param>
    public static TransactionKey ForResponse(SipMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var builder = new MatchKeyBuilder(MatchKeyKind.Client, stackalloc byte[MatchKeyBuilder.UsualLength]);
        AppendClient(ref builder, response.TopViaBranch, response.CSeqMethodToken);
        return new TransactionKey(builder.Finish());
    }

    /// <summary>The key of the server transaction that a request belongs to or starts. An ACK has the key of its INVITE.</summary>
    /// <param name="request">A received request.</param>
    public static TransactionKey ForRequest(SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var builder = BuildServer(request, MethodOf(request), stackalloc byte[MatchKeyBuilder.UsualLength]);
        return new TransactionKey(builder.Finish());
    }

    /// <summary>The key that a request would have with another method (RFC 3261 §9.2).</summary>
    /// <param name="request">A received request.</param>
    /// <param name="method">The method; not <see cref="SipMethod.Other"/>.</param>
    public static TransactionKey ForRequestAs(SipMessage request, SipMethod method)
    {
        ArgumentNullException.ThrowIfNull(request);
        var builder = BuildServer(request, method.ToToken(), stackalloc byte[MatchKeyBuilder.UsualLength]);
        return new TransactionKey(builder.Finish());
    }

    /// <inheritdoc/>
    public bool Equals(TransactionKey other) => Match.Equals(other.Match);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TransactionKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Match.GetHashCode();

    /// <summary>Whether two keys are of one transaction.</summary>
    public static bool operator ==(TransactionKey left, TransactionKey right) => left.Equals(right);

    /// <summary>Whether two keys are of different transactions.</summary>
    public static bool operator !=(TransactionKey left, TransactionKey right) => !left.Equals(right);

    // RFC 3261 §17.2.3: the method of the request, except for ACK, which matches the INVITE.
    internal static ReadOnlySpan<byte> MethodOf(SipMessage request) =>
        request.Method == SipMethod.Ack ? SipMethod.Invite.ToToken() : request.MethodToken;

    // RFC 3261 §17.1.3: branch of the top Via and CSeq method. Methods are case-sensitive (§7.1).
    internal static void AppendClient(ref MatchKeyBuilder builder, scoped ReadOnlySpan<byte> branch, scoped ReadOnlySpan<byte> methodToken)
    {
        builder.Append(methodToken);
        builder.AppendToken(branch);
    }

    internal static MatchKeyBuilder BuildServer(SipMessage request, scoped ReadOnlySpan<byte> methodToken, Span<byte> buffer)
    {
        var branch = request.TopViaBranch;
        if (StartsWithCookie(branch))
        {
            // RFC 3261 §17.2.3: branch, sent-by and method.
            var builder = new MatchKeyBuilder(MatchKeyKind.Server, buffer);
            builder.Append(methodToken);
            builder.AppendToken(branch);
            var via = request.TopVia;
            builder.AppendToken(via.Host);
            builder.Append((uint)via.Port);
            return builder;
        }

        // RFC 3261 §17.2.3, RFC 2543 clients: Request-URI, To tag, From tag, Call-ID, CSeq and top Via.
        var old = new MatchKeyBuilder(MatchKeyKind.Rfc2543Server, buffer);
        old.Append(methodToken);
        old.Append(request.RequestUri);
        old.AppendToken(request.FromTag);
        old.Append(request.CallId);
        old.Append(request.CSeqNumber);
        foreach (var topVia in request.GetValues(SipHeaderId.Via))
        {
            old.Append(topVia);
            break;
        }

        // The To tag of an ACK is that of our response, which its INVITE did not have yet: the INVITE machine compares it. An INVITE
        // needs no To tag here, for its CSeq number is used once within Call-ID and From tag. RFC 3261 §9.1, §9.2: the To of a CANCEL
        // is that of its request, so it finds any other method with it.
        if (!methodToken.SequenceEqual("INVITE"u8))
            old.AppendToken(request.ToTag);
        return old;
    }

    // RFC 3261 §8.1.1.7 and §7.3.1: the magic cookie is part of a token and has no case. With nothing behind it, it identifies nothing
    // (RFC 4475 §3.1.2.19), so the RFC 2543 rules apply.
    private static bool StartsWithCookie(ReadOnlySpan<byte> branch) =>
        branch.Length > 7 && Ascii.EqualsIgnoreCase(branch[..7], "z9hG4bK"u8);
}

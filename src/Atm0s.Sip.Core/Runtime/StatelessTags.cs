using System.Buffers.Binary;
using System.Text;
using Atm0s.Sip.Core.Cryptography;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>
/// To tags of answers that keep nothing: a keyed hash of what identifies the request, so that each copy of it gets the same tag (RFC 3261
/// §8.2.7) and nobody foresees it (§19.3). Any thread.
/// </summary>
/// <param name="ids">What the key is made from: random ids of a live server, or those of a test.</param>
internal sealed class StatelessTags(ISipIdGenerator ids)
{
    /// <summary>Characters of a tag: 96 bits in hex, because tags have no case (RFC 3261 §7.3.1).</summary>
    public const int TagLength = 24;

    private readonly SipHashKey _key = SipHashKey.Derive(Encoding.UTF8.GetBytes(ids.NewCallId() + ids.NewCallId()), "stateless tags"u8);

    /// <summary>Begins a response that has the request's tag, and else what every response has.</summary>
    /// <param name="writer">Gets the bytes; go on with more fields and end the message.</param>
    /// <param name="request">The request.</param>
    /// <param name="status">101 to 699.</param>
    /// <param name="reason">Reason phrase, or null for the standard one.</param>
    public void Begin(in SipWriter writer, SipMessage request, int status, string? reason)
    {
        Span<byte> tag = stackalloc byte[TagLength];
        Write(request, tag);
        SipResponseWriter.BeginTagged(writer, request, status, reason, tag);
    }

    private void Write(SipMessage request, Span<byte> tag)
    {
        var builder = new MatchKeyBuilder(MatchKeyKind.StatelessTag, stackalloc byte[MatchKeyBuilder.UsualLength]);
        builder.AppendToken(request.TopViaBranch);
        builder.AppendToken(request.FromTag);
        builder.Append(request.CallId);
        builder.Append(request.CSeqNumber);
        Span<byte> hash = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(hash, SipHash.Hash128(_key, builder.Bytes));
        builder.Dispose();
        Convert.TryToHexStringLower(hash[..(TagLength / 2)], tag, out _);
    }
}

using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>
/// To tags of answers that keep nothing: a keyed hash of what identifies the request, so that each copy of it gets the same tag (RFC 3261
/// §8.2.7) and nobody foresees it (§19.3).
/// </summary>
internal sealed class StatelessTags(ISipIdGenerator ids)
{
    private const int TagBytes = 12;

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(ids.NewCallId() + ids.NewCallId()));

    public string Of(SipMessage request)
    {
        var builder = new MatchKeyBuilder(MatchKeyKind.StatelessTag, stackalloc byte[MatchKeyBuilder.MaxLength]);
        builder.AppendToken(request.TopViaBranch);
        builder.AppendToken(request.FromTag);
        builder.Append(request.CallId);
        builder.Append(request.CSeqNumber);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, builder.Finish(), hash);
        builder.Dispose();
        return Convert.ToHexStringLower(hash[..TagBytes]);
    }
}

using System.Net;

namespace Atm0s.Sip.Core.Messages;

/// <summary>
/// A received message: its bytes in a pooled buffer, an index of its header fields, and the few values every message must have.
/// Nothing becomes a string until somebody asks. It has one owner, who disposes it; views of it end with it.
/// </summary>
public sealed class SipMessage : IDisposable
{
    private HeaderSlot[] _headers = new HeaderSlot[32];
    private byte[] _bytes = new byte[2048];
    private bool _inPool;

    internal SipMessage()
    {
    }

    /// <summary>True for a request, false for a response.</summary>
    public bool IsRequest { get; internal set; }

    /// <summary>True for a response.</summary>
    public bool IsResponse => !IsRequest;

    /// <summary>Method of the request line; of a response, that of CSeq.</summary>
    public SipMethod Method { get; internal set; }

    /// <summary>Method as a token; it tells methods apart that <see cref="Method"/> calls <see cref="SipMethod.Other"/>.</summary>
    public ReadOnlySpan<byte> MethodToken => IsRequest ? Slice(MethodRange) : CSeqMethodToken;

    /// <summary>Request-URI; empty for a response.</summary>
    public ReadOnlySpan<byte> RequestUri => Slice(RequestUriRange);

    /// <summary>Status code of a response, 100 to 699; 0 for a request.</summary>
    public int StatusCode { get; internal set; }

    /// <summary>Reason phrase of a response, UTF-8; may be empty.</summary>
    public ReadOnlySpan<byte> ReasonPhrase => Slice(ReasonRange);

    /// <summary>Call-ID.</summary>
    public ReadOnlySpan<byte> CallId => Slice(CallIdRange);

    /// <summary>Hash of the Call-ID, not negative, seeded anew in every process: it chooses the shard.</summary>
    public int CallIdHash => HashCallId(CallId);

    /// <summary>Number of CSeq.</summary>
    public uint CSeqNumber { get; internal set; }

    /// <summary>Method of CSeq.</summary>
    public SipMethod CSeqMethod { get; internal set; }

    /// <summary>Method of CSeq as a token.</summary>
    public ReadOnlySpan<byte> CSeqMethodToken => Slice(CSeqMethodRange);

    /// <summary>From. Empty when the message is refused for it.</summary>
    public NameAddressView From => NameAddressView.TryParse(Slice(FromRange), out var view) ? view : default;

    /// <summary>To. Empty when the message is refused for it.</summary>
    public NameAddressView To => NameAddressView.TryParse(Slice(ToRange), out var view) ? view : default;

    /// <summary>Tag of From, or empty (RFC 2543).</summary>
    public ReadOnlySpan<byte> FromTag => Slice(FromTagRange);

    /// <summary>Tag of To, or empty: then the request is outside any dialog.</summary>
    public ReadOnlySpan<byte> ToTag => Slice(ToTagRange);

    /// <summary>The first Via value.</summary>
    public ViaView TopVia =>
        TopViaParts.IsRead ? new ViaView(this, TopViaParts) : ViaView.TryParse(Slice(TopViaRange), out var view) ? view : default;

    /// <summary>Branch of the first Via, or empty (RFC 2543).</summary>
    public ReadOnlySpan<byte> TopViaBranch => Slice(BranchRange);

    /// <summary>
    /// Whether it belongs to a dialog or a transaction, or says so: a response, an ACK, a CANCEL, or a request with a To tag.
    /// </summary>
    internal bool OpensNothing => IsResponse || ToTagRange.Length > 0 || Method is SipMethod.Ack or SipMethod.Cancel;

    /// <summary>Number of header fields.</summary>
    public int HeaderCount { get; private set; }

    /// <summary>The body as far as Content-Length goes; may be empty.</summary>
    public ReadOnlySpan<byte> Body => Slice(BodyRange);

    /// <summary>The whole message. Folded header lines are joined, otherwise it is as received.</summary>
    public ReadOnlySpan<byte> Raw => _bytes.AsSpan(0, Length);

    /// <summary>
    /// Why the message is refused; <see cref="SipRefusal.None"/> for a good one. A refused request can be answered, a refused response is
    /// dropped.
    /// </summary>
    public SipRefusal Refusal { get; internal set; }

    /// <summary>
    /// Where it came from; set by the transport, and what received and rport are filled from (RFC 3261 §18.2.1, RFC 3581 §4).
    /// </summary>
    public IPEndPoint? RemoteEndPoint { get; set; }

    /// <summary>Whether its source is one that a binding, a call, a trunk or the host vouches for.</summary>
    internal bool IsOfKnown { get; set; }

    internal int Length { get; private set; }

    internal ByteRange MethodRange { get; set; }

    internal ByteRange RequestUriRange { get; set; }

    internal ByteRange ReasonRange { get; set; }

    internal ByteRange CallIdRange { get; set; }

    internal ByteRange CSeqMethodRange { get; set; }

    internal ByteRange FromRange { get; set; }

    internal ByteRange ToRange { get; set; }

    internal ByteRange FromTagRange { get; set; }

    internal ByteRange ToTagRange { get; set; }

    internal ByteRange TopViaRange { get; set; }

    internal ViaRanges TopViaParts { get; set; }

    internal ByteRange BranchRange { get; set; }

    internal ByteRange BodyRange { get; set; }

    internal Span<byte> WritableBytes => _bytes.AsSpan(0, Length);

    /// <summary>Hash of a Call-ID as in <see cref="CallIdHash"/>.</summary>
    public static int HashCallId(ReadOnlySpan<byte> callId)
    {
        var hash = default(HashCode);
        hash.AddBytes(callId);
        return hash.ToHashCode() & int.MaxValue;
    }

    /// <summary>One header field.</summary>
    /// <param name="index">0 to <see cref="HeaderCount"/> - 1.</param>
    public SipHeaderField GetHeader(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)HeaderCount, nameof(index));
        ref readonly var slot = ref _headers[index];
        return new SipHeaderField(slot.Id, Slice(slot.Name), Slice(slot.Value));
    }

    /// <summary>Value of the first field of that id.</summary>
    public bool TryGetHeader(SipHeaderId id, out ReadOnlySpan<byte> value)
    {
        var next = 0;
        return TryFindNext(id, ref next, out value);
    }

    /// <summary>Value of the first field of that name, without regard to case. For fields that have no id.</summary>
    public bool TryGetHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if (SipHeaderNames.Find(name) is not SipHeaderId.Other and var id)
            return TryGetHeader(id, out value);
        foreach (ref readonly var slot in _headers.AsSpan(0, HeaderCount))
        {
            if (slot.Id == SipHeaderId.Other && SipChars.EqualsIgnoreCase(Slice(slot.Name), name))
            {
                value = Slice(slot.Value);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>All values of the fields of that id, in order.</summary>
    public SipHeaderValues GetValues(SipHeaderId id) => new(this, id);

    /// <summary>Whether a list such as Supported, Require or Allow holds a token, without regard to case.</summary>
    public bool HasToken(SipHeaderId id, ReadOnlySpan<byte> token)
    {
        foreach (var value in GetValues(id))
        {
            if (SipChars.EqualsIgnoreCase(value, token))
                return true;
        }

        return false;
    }

    /// <summary>A copy with an owner of its own.</summary>
    public SipMessage Clone()
    {
        var copy = SipMessagePool.Rent();
        copy.Load(Raw);
        if (copy._headers.Length < HeaderCount)
            copy._headers = new HeaderSlot[_headers.Length];
        Array.Copy(_headers, copy._headers, HeaderCount);
        copy.HeaderCount = HeaderCount;
        copy.IsRequest = IsRequest;
        copy.Method = Method;
        copy.StatusCode = StatusCode;
        copy.CSeqNumber = CSeqNumber;
        copy.CSeqMethod = CSeqMethod;
        copy.Refusal = Refusal;
        copy.RemoteEndPoint = RemoteEndPoint;
        copy.MethodRange = MethodRange;
        copy.RequestUriRange = RequestUriRange;
        copy.ReasonRange = ReasonRange;
        copy.CallIdRange = CallIdRange;
        copy.CSeqMethodRange = CSeqMethodRange;
        copy.FromRange = FromRange;
        copy.ToRange = ToRange;
        copy.FromTagRange = FromTagRange;
        copy.ToTagRange = ToTagRange;
        copy.TopViaRange = TopViaRange;
        copy.TopViaParts = TopViaParts;
        copy.BranchRange = BranchRange;
        copy.BodyRange = BodyRange;
        return copy;
    }

    /// <summary>Gives the message back to its pool. Views of it must not be used any more, nor the message itself: once the pool has lent
    /// it again it is somebody else's.</summary>
    public void Dispose()
    {
        if (_inPool)
            return;
        _inPool = true;
        RemoteEndPoint = null;
        IsOfKnown = false;
        SipMessagePool.Return(this);
    }

    internal bool TryFindNext(SipHeaderId id, scoped ref int next, out ReadOnlySpan<byte> value)
    {
        while (next < HeaderCount)
        {
            ref readonly var slot = ref _headers[next++];
            if (slot.Id == id)
            {
                value = Slice(slot.Value);
                return true;
            }
        }

        value = default;
        return false;
    }

    internal void Load(ReadOnlySpan<byte> bytes)
    {
        _inPool = false;
        if (_bytes.Length < bytes.Length)
            _bytes = new byte[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bytes.Length)];
        bytes.CopyTo(_bytes);
        Length = bytes.Length;
        HeaderCount = 0;
        IsRequest = false;
        Method = CSeqMethod = SipMethod.Other;
        StatusCode = 0;
        CSeqNumber = 0;
        Refusal = SipRefusal.None;
        MethodRange = RequestUriRange = ReasonRange = CallIdRange = CSeqMethodRange = default;
        FromRange = ToRange = FromTagRange = ToTagRange = TopViaRange = BranchRange = BodyRange = default;
        TopViaParts = default;
    }

    internal void AddHeader(in HeaderSlot slot)
    {
        if (HeaderCount == _headers.Length)
            Array.Resize(ref _headers, _headers.Length * 2);
        _headers[HeaderCount++] = slot;
    }

    /// <summary>Whether the pool should keep it: not when an unusual message has blown it up.</summary>
    internal bool IsSmall => _bytes.Length <= 16_384 && _headers.Length <= 128;

    internal ReadOnlySpan<byte> Slice(ByteRange range) => _bytes.AsSpan(range.Start, range.Length);
}

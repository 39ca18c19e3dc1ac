namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// Until when a connection must have done what is expected of it. Pure: what happens and the time in, a reason to close out.
/// </summary>
internal struct TcpDeadlines
{
    private TimeSpan _read;
    private TimeSpan _send;
    private TimeSpan _pong;
    private TimeSpan _record;
    private TcpCloseReason _readReason;

    /// <summary>It is open.</summary>
    /// <param name="limit">Time in which something must come.</param>
    /// <param name="now">The time.</param>
    /// <param name="accepted">Whether the peer opened it, and so has something to say.</param>
    public static TcpDeadlines Opened(TimeSpan limit, TimeSpan now, bool accepted) =>
        Until(now + limit, accepted ? TcpCloseReason.NeverSpoke : TcpCloseReason.Idle);

    /// <summary>Its handshake of TLS is under way.</summary>
    /// <param name="until">When it must be done.</param>
    public static TcpDeadlines Securing(TimeSpan until) => Until(until, TcpCloseReason.NotSecured);

    /// <summary>It is being opened.</summary>
    public static TcpDeadlines Connecting(SipListenerOptions options, TimeSpan now) =>
        Until(now + options.MessageTimeout, TcpCloseReason.NotReached);

    /// <summary>Bytes came.</summary>
    /// <param name="options">The time limits.</param>
    /// <param name="idle">How long it may be silent.</param>
    /// <param name="now">The time.</param>
    /// <param name="spoke">Whether a message or a ping ever came: blank lines alone are no speech.</param>
    /// <param name="isPartial">Whether a message is left that is not complete.</param>
    /// <param name="isNew">Whether something was completed by these bytes: what is left then has a time of its own.</param>
    public void OnRead(SipListenerOptions options, TimeSpan idle, TimeSpan now, bool spoke, bool isPartial, bool isNew)
    {
        if (isPartial)
        {
            if (isNew || _readReason != TcpCloseReason.SlowMessage)
                (_read, _readReason) = (now + options.MessageTimeout, TcpCloseReason.SlowMessage);
        }
        else if (spoke)
            (_read, _readReason) = (now + idle, TcpCloseReason.Idle);
    }

    /// <summary>A part of a record of TLS is there, and its rest must come until then: of one that has begun before the earlier time stays.
    /// Null: nothing of one is there.</summary>
    public void OnRecord(TimeSpan? until) => _record = until is not { } end ? TimeSpan.MaxValue : end < _record ? end : _record;

    /// <summary>The peer has something to take from now on, or has taken some of it.</summary>
    public void OnSending(SipListenerOptions options, TimeSpan now) => _send = now + options.SendTimeout;

    /// <summary>Nothing waits to be sent.</summary>
    public void OnSent() => _send = TimeSpan.MaxValue;

    /// <summary>The peer has to answer a ping until then; one that waits already has the earlier time.</summary>
    public void OnPing(TimeSpan until) => _pong = until < _pong ? until : _pong;

    /// <summary>The peer has shown that it is there.</summary>
    public void OnPong() => _pong = TimeSpan.MaxValue;

    /// <summary>Nothing more is read; what is owed to the peer may go out until then.</summary>
    public void OnDraining(TimeSpan until, TcpCloseReason reason)
    {
        (_read, _readReason) = (until, reason);
        _pong = TimeSpan.MaxValue;
    }

    /// <summary>Why it has to be closed now, or None.</summary>
    /// <param name="idle">How long it may be silent.</param>
    /// <param name="now">The time.</param>
    /// <param name="isHeld">Whether somebody depends on the connection, so that it may be silent.</param>
    public TcpCloseReason Check(TimeSpan idle, TimeSpan now, bool isHeld)
    {
        if (now >= _record)
            return TcpCloseReason.SlowMessage;
        if (now >= _send)
            return TcpCloseReason.StalledSend;
        if (now >= _pong)
            return TcpCloseReason.NoPong;
        if (now < _read)
            return TcpCloseReason.None;
        if (_readReason != TcpCloseReason.Idle || !isHeld)
            return _readReason;
        _read = now + idle;
        return TcpCloseReason.None;
    }

    private static TcpDeadlines Until(TimeSpan read, TcpCloseReason reason) => new()
    {
        _read = read,
        _readReason = reason,
        _send = TimeSpan.MaxValue,
        _pong = TimeSpan.MaxValue,
        _record = TimeSpan.MaxValue,
    };
}

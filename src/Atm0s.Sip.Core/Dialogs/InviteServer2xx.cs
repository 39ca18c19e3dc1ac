using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// Repeats the 2xx of an INVITE until its ACK comes (RFC 3261 §13.3.1.4): after T1, doubling up to T2, on every transport, because
/// there may be UDP hops further on. Sans-IO like a transaction: time comes in, the next deadline goes out.
/// </summary>
internal sealed class InviteServer2xx : IDeadlineItem
{
    private readonly SipTimers _timers;
    private readonly IInviteServer2xxOutput _output;
    private ReadOnlyMemory<byte> _response;
    private TimeSpan _interval;
    private TimeSpan _repeatAt;
    private TimeSpan _endAt;
    private bool _isRunning;

    /// <summary>Creates it for a 2xx that the server transaction sends for the first time.</summary>
    /// <param name="inviteCSeq">Sequence number of the INVITE.</param>
    /// <param name="response">The whole 2xx; must not change afterwards.</param>
    /// <param name="timers">Timer values.</param>
    /// <param name="output">Where to send and report to.</param>
    public InviteServer2xx(uint inviteCSeq, ReadOnlyMemory<byte> response, SipTimers timers, IInviteServer2xxOutput output)
    {
        ArgumentNullException.ThrowIfNull(timers);
        ArgumentNullException.ThrowIfNull(output);
        InviteCSeq = inviteCSeq;
        _response = response;
        _timers = timers;
        _output = output;
    }

    /// <summary>Sequence number of the INVITE, which its ACK bears too.</summary>
    public uint InviteCSeq { get; }

    /// <summary>Whether the ACK has come.</summary>
    public bool IsAcknowledged { get; private set; }

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => !_isRunning ? null : _repeatAt < _endAt ? _repeatAt : _endAt;

    /// <inheritdoc/>
    int IDeadlineItem.DeadlineSlot { get; set; } = DeadlineQueue.NotQueued;

    /// <summary>Starts the timers, when the 2xx has been passed to the server transaction (which sends it once).</summary>
    /// <param name="now">Monotonic time.</param>
    public void Start(TimeSpan now)
    {
        if (_isRunning || _response.IsEmpty)
            return;
        _isRunning = true;
        _interval = _timers.T1;
        _repeatAt = now + _interval;
        _endAt = now + _timers.TransactionTimeout;
    }

    /// <summary>An ACK within the dialog: the one for this 2xx ends the repetition.</summary>
    /// <param name="ack">The ACK; not kept.</param>
    /// <returns>True for the first ACK of this 2xx: take its answer, if it has one. False: a repetition, or for another INVITE.</returns>
    public bool OnAck(SipMessage ack)
    {
        ArgumentNullException.ThrowIfNull(ack);
        // RFC 3261 §13.2.2.4: the ACK has the CSeq number of the INVITE.
        if (IsAcknowledged || ack.CSeqNumber != InviteCSeq)
            return false;
        IsAcknowledged = true;
        Stop();
        return true;
    }

    /// <summary>Stops for good: the dialog has ended.</summary>
    public void Stop()
    {
        _isRunning = false;
        _response = default;
    }

    /// <inheritdoc/>
    public void OnDeadline(TimeSpan now)
    {
        if (!_isRunning)
            return;
        if (_endAt <= now)
        {
            Stop();
            _output.OnTimeout(this);
        }
        else if (_repeatAt <= now)
        {
            _interval = _timers.Double(_interval);
            _repeatAt = now + _interval;
            _output.Send(this, _response);
        }
    }
}

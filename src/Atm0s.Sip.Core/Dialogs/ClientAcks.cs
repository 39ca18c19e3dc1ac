using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// The ACKs of the 2xx responses to one INVITE, one for each fork (RFC 3261 §13.2.2.4): every repetition of a 2xx is answered with
/// the same ACK. Dropped with the INVITE's client transaction (64*T1, Timer M). Holds a few, so a peer that invents To tags fills nothing.
/// </summary>
internal sealed class ClientAcks
{
    private readonly List<(byte[] ToTag, ReadOnlyMemory<byte> Ack)> _acks = [];
    private readonly int _capacity;

    /// <summary>Creates an empty memory.</summary>
    /// <param name="capacity">Most forks answered. Default 16.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public ClientAcks(int capacity = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>Number of forks remembered.</summary>
    public int Count => _acks.Count;

    /// <summary>Whether a further fork's 2xx may be taken; if not, drop the response.</summary>
    public bool HasRoom => _acks.Count < _capacity;

    /// <summary>Remembers the ACK that answers a 2xx.</summary>
    /// <param name="response">The 2xx; not kept.</param>
    /// <param name="ack">The whole ACK as it was sent; must not change afterwards.</param>
    /// <returns>False when there is one for this To tag or no room.</returns>
    public bool TryAdd(SipMessage response, ReadOnlyMemory<byte> ack)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (!HasRoom || TryGet(response, out _))
            return false;
        _acks.Add((response.ToTag.ToArray(), ack));
        return true;
    }

    /// <summary>The ACK to send again when this 2xx is a repetition.</summary>
    /// <param name="response">The 2xx.</param>
    /// <param name="ack">The ACK.</param>
    /// <returns>False for the first 2xx of a fork: make its dialog, build and add its ACK.</returns>
    public bool TryGet(SipMessage response, out ReadOnlyMemory<byte> ack)
    {
        ArgumentNullException.ThrowIfNull(response);
        foreach (var entry in _acks)
        {
            if (Ascii.EqualsIgnoreCase(response.ToTag, entry.ToTag))
            {
                ack = entry.Ack;
                return true;
            }
        }

        ack = default;
        return false;
    }
}

using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>
/// How many hops a call may still go when it is made for another one (RFC 7332 §3): one less than that one. So two servers whose hosts call
/// each other do not do so for ever. What the host does while it decides about a call is done for it.
/// </summary>
internal static class HopLimit
{
    /// <summary>Of a call that is made for no other (RFC 3261 §8.1.1.6).</summary>
    public const int Default = 70;

    private static readonly AsyncLocal<int?> Current = new();

    /// <summary>What a received INVITE has left.</summary>
    public static int Of(SipMessage invite) =>
        invite.TryGetHeader(SipHeaderId.MaxForwards, out var value) && SipChars.TryReadNumber(SipChars.Trim(value), 255, out var hops)
            ? (int)hops : Default;

    /// <summary>Lets the host decide about a call.</summary>
    /// <param name="hops">What the call has left.</param>
    /// <param name="ask">Asks it.</param>
    public static T Deciding<T>(int hops, Func<T> ask)
    {
        var before = Current.Value;
        Current.Value = hops;
        try
        {
            return ask();
        }
        finally
        {
            Current.Value = before;
        }
    }

    /// <summary>Max-Forwards of a new call; less than 1 when it must not be made.</summary>
    /// <param name="caller">Whom it is for, when the host has said so.</param>
    public static int ForNewCall(Call? caller) => (caller?.Hops ?? Current.Value) is { } left ? left - 1 : Default;
}

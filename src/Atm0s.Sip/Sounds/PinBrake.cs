using System.Net.Sockets;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Sounds;

/// <summary>
/// Who has typed too many wrong PINs has to wait, however often he hangs up and calls again: the user with a password, the number of a
/// trunk and the trunk, the stranger's address whatever numbers he makes up. Each kind has memory of its own, so that strangers can't
/// fill that of the others. Any thread.
/// </summary>
/// <param name="options">How many are too many.</param>
internal sealed class PinBrake(PinOptions options)
{
    private readonly Lock _lock = new();
    private readonly WrongPins _users = new(options.MaxWrongPerCaller, options.WrongWindow);
    private readonly WrongPins _numbers = new(options.MaxWrongPerCaller, options.WrongWindow);
    private readonly WrongPins _trunks = new(options.MaxWrongPerTrunk, options.WrongWindow);
    private readonly WrongPins _strangers = new(options.MaxWrongPerSource, options.WrongWindow);

    /// <summary>Whether a caller may try a PIN.</summary>
    public bool MayTry(InviteRequest invite, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (counts, name) in CountsOf(invite))
            {
                if (!counts.MayTry(name, now))
                    return false;
            }

            return true;
        }
    }

    /// <summary>Counts a PIN that is about to be looked up; false when it must not be.</summary>
    public bool TryBegin(InviteRequest invite, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!MayTry(invite, now))
                return false;
            foreach (var (counts, name) in CountsOf(invite))
                counts.Add(name, now);
            return true;
        }
    }

    /// <summary>It was right, or could not be looked up: it does not count.</summary>
    public void TakeBack(InviteRequest invite, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (counts, name) in CountsOf(invite))
                counts.TakeBack(name, now);
        }
    }

    private IEnumerable<(WrongPins Counts, string Name)> CountsOf(InviteRequest invite)
    {
        if (invite.Username is { } user)
        {
            yield return (_users, user);
        }
        else if (invite.Trunk is not null || invite.Authentication == CallerAuthentication.Address)
        {
            var trunk = invite.Trunk ?? invite.Source.Address.ToString();
            yield return (_numbers, $"{trunk} {invite.From}");
            yield return (_trunks, trunk);
        }
        else
        {
            yield return (_strangers, NetworkOf(invite.Source.Address));
        }
    }

    // RFC 6177 §2: a site has at least 64 bits of IPv6 to itself, and can call from any of these addresses.
    private static string NetworkOf(System.Net.IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}

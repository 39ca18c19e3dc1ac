using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Incoming;

/// <summary>
/// Who calls, by everything an INVITE says of it and by how far its sender is to be believed (RFC 3323, 3325, 5806, 7044).
/// </summary>
internal sealed class CallerIdentity
{
    private const int MaxDiversions = 20;
    private const int MaxTokens = 10;

    private CallerIdentity()
    {
    }

    public string? FromDisplayName { get; private init; }

    /// <summary>Who calls, as far as somebody answers for it.</summary>
    public SipAddress? Identity { get; private init; }

    /// <summary>Whether the number must not be shown to the called.</summary>
    public bool IsAnonymous { get; private init; }

    /// <summary>Forwardings before, the last first.</summary>
    public IReadOnlyList<Diversion> Diversions { get; private init; } = [];

    /// <summary>Signed tokens about the caller (RFC 8224).</summary>
    public IReadOnlyList<string> Tokens { get; private init; } = [];

    public static CallerIdentity Read(SipMessage request, InviteSource source, Login? login)
    {
        var mayAssert = source.MayAssert(login);
        return new CallerIdentity
        {
            FromDisplayName = HostAddress.Read(request.From)?.DisplayName,
            Identity = mayAssert ? Asserted(request) : login is null ? null : Preferred(request, login),
            IsAnonymous = IsWithheld(request) || WantsPrivacy(request),
            Diversions = mayAssert ? ReadDiversions(request) : [],
            Tokens = ReadTokens(request),
        };
    }

    /// <summary>
    /// Whether From names nobody (RFC 3323 §4.1.1.3): the user "anonymous", or a host under .invalid, which nobody has (RFC 2606 §2).
    /// </summary>
    public static bool IsWithheld(SipMessage request) =>
        SipUriView.TryParse(request.From.Uri, out var from)
        && (from.User.IsEmpty
            || SipChars.EqualsIgnoreCase(from.User, "anonymous"u8)
            || SipChars.EqualsIgnoreCase(from.Host, "invalid"u8)
            || (from.Host.Length > 8 && SipChars.EqualsIgnoreCase(from.Host[^8..], ".invalid"u8)));

    // RFC 3323 §4.2, RFC 3325 §9.3: everything but "none" hides something; "critical" alone hides nothing.
    private static bool WantsPrivacy(SipMessage request)
    {
        foreach (var value in request.GetValues(SipHeaderId.Privacy))
        {
            foreach (var range in value.Split((byte)';'))
            {
                var wish = SipChars.Trim(value[range]);
                if (SipChars.EqualsIgnoreCase(wish, "id"u8) || SipChars.EqualsIgnoreCase(wish, "user"u8)
                    || SipChars.EqualsIgnoreCase(wish, "header"u8))
                    return true;
            }
        }

        return false;
    }

    // RFC 3325 §9.1: at most a sip and a tel URI, of which the first counts. Remote-Party-ID is older and says the same.
    private static SipAddress? Asserted(SipMessage request)
    {
        foreach (var value in request.GetValues(SipHeaderId.PAssertedIdentity))
        {
            if (HostAddress.Read(value) is { } asserted)
                return asserted;
        }

        foreach (var value in request.GetValues(SipHeaderId.RemotePartyId))
        {
            if (NameAddressView.TryParse(value, out var party)
                && (!party.TryGetParameter("party"u8, out var kind) || SipChars.EqualsIgnoreCase(kind, "calling"u8))
                && HostAddress.Read(party) is { } calling)
                return calling;
        }

        return IsWithheld(request) ? null : HostAddress.Read(request.From);
    }

    // RFC 3325 §9.2: what the caller prefers to be is believed when it is his.
    private static SipAddress? Preferred(SipMessage request, Login login)
    {
        foreach (var value in request.GetValues(SipHeaderId.PPreferredIdentity))
        {
            if (NameAddressView.TryParse(value, out var wish) && login.Owns(SipNumbers.Of(wish.Uri))
                && HostAddress.Read(wish) is { } preferred)
                return preferred;
        }

        if (login.Owns(SipNumbers.Of(request.From.Uri)))
            return HostAddress.Read(request.From);
        var host = SipUriView.TryParse(request.RequestUri, out var called) && !called.Host.IsEmpty
            ? Encoding.UTF8.GetString(called.Host) : "anonymous.invalid";
        return HostAddress.Create(login.MainNumber, host);
    }

    private static List<Diversion> ReadDiversions(SipMessage request)
    {
        List<Diversion> found = [];
        // RFC 5806 §4.1: the last forwarding stands first.
        foreach (var value in request.GetValues(SipHeaderId.Diversion))
        {
            if (found.Count < MaxDiversions
                && NameAddressView.TryParse(value, out var diversion)
                && HostAddress.Read(diversion) is { } address)
                found.Add(new Diversion(address, diversion.TryGetParameter("reason"u8, out var reason) ? Word(reason) : null));
        }

        return found.Count > 0 ? found : ReadHistory(request);
    }

    // RFC 7044 §5: each entry but the last was a target before; the last one is where the call goes now. The cause of a forwarding stands
    // in the entry that it led to (RFC 4458).
    private static List<Diversion> ReadHistory(SipMessage request)
    {
        List<(SipAddress Address, string? Cause)> entries = [];
        foreach (var value in request.GetValues(SipHeaderId.HistoryInfo))
        {
            if (entries.Count <= MaxDiversions
                && NameAddressView.TryParse(value, out var entry)
                && SipUriView.TryParse(entry.Uri, out var uri)
                && HostAddress.Read(entry) is { } address)
                entries.Add((address, uri.TryGetParameter("cause"u8, out var cause) ? ReasonOf(cause) : null));
        }

        List<Diversion> found = [];
        for (var i = entries.Count - 2; i >= 0; i--)
        {
            // Without a cause the number was only written in another way.
            if (entries[i + 1].Cause is { } reason)
                found.Add(new Diversion(entries[i].Address, reason));
        }

        return found;
    }

    // RFC 4458 §2, in the words of RFC 5806 §4.1.
    private static string ReasonOf(ReadOnlySpan<byte> cause) => Encoding.ASCII.GetString(cause) switch
    {
        "302" => "unconditional",
        "404" => "unavailable",
        "408" => "no-answer",
        "480" => "deflection",
        "486" => "user-busy",
        "487" => "deflection",
        "503" => "unavailable",
        _ => "unknown",
    };

    private static string? Word(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && text.Length <= 64 && Encoding.ASCII.GetString(text) is var word
            && word.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? word : null;

    private static List<string> ReadTokens(SipMessage request)
    {
        List<string> tokens = [];
        foreach (var value in request.GetValues(SipHeaderId.Identity))
        {
            if (tokens.Count < MaxTokens)
                tokens.Add(Encoding.UTF8.GetString(value));
        }

        return tokens;
    }
}

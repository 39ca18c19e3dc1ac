using System.Buffers.Text;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Registrar;

/// <summary>Reads Contact, Expires and Path of a REGISTER (RFC 3261 §10.3 steps 6 and 7, RFC 3327). Keeps nothing.</summary>
internal static class RegisterReader
{
    private const int MaxContacts = 20;
    private const int MaxPath = 10;
    private const int MaxInstanceId = 256;

    /// <summary>
    /// Reads; on failure tells what to refuse with: 400, 416, or 423 when a time is too short. Every contact of a message that is not
    /// refused can be read with <see cref="ReadContact"/>.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="options">The limits.</param>
    /// <param name="wishes">What it asks for.</param>
    /// <param name="refusal">What to refuse it with.</param>
    /// <param name="isByFlow">Whether the way it came is the only one to its sender: then its Contact may say what it likes.</param>
    /// <param name="spoken">What our listeners speak.</param>
    /// <param name="isSecure">Whether it came over TLS.</param>
    public static bool TryRead(
        SipMessage request,
        RegistrarOptions options,
        out RegisterWishes wishes,
        out RegisterRefusal refusal,
        bool isByFlow = false,
        SpokenTransports spoken = default,
        bool isSecure = false)
    {
        wishes = default;
        refusal = new RegisterRefusal(400);
        var wanted = options.DefaultExpires;
        var hasExpires = request.TryGetHeader(SipHeaderId.Expires, out var expiresValue);
        // RFC 3261 §20.19: a malformed value counts as 3600.
        if (hasExpires)
            wanted = ReadSeconds(expiresValue) ?? TimeSpan.FromHours(1);

        if (!TryReadPath(request, spoken, out var pathLength))
            return false;
        var (contacts, star) = (0, false);
        foreach (var value in request.GetValues(SipHeaderId.Contact))
        {
            if (value.SequenceEqual("*"u8))
            {
                star = true;
                continue;
            }

            if (contacts++ == MaxContacts || !NameAddressView.TryParse(value, out var contact)
                || !SipUriView.TryParse(contact.Uri, out var uri)
                || uri.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips))
                return false;
            // Behind a proxy the transport of the contact is the proxy's affair (RFC 3327 §4).
            var isLooked = pathLength == 0 && !isByFlow;
            var isSpoken = UriTransport.TryRead(uri, spoken, out var protocol);
            // RFC 5630 §4: it would be called over the way that it came, and what asks for TLS is not called in the clear.
            if (isLooked && isSpoken && protocol.IsSecure() && !isSecure)
            {
                refusal = new RegisterRefusal(400, "a Contact that asks for TLS is registered over TLS");
                return false;
            }

            if (isLooked && !isSpoken)
            {
                refusal = new RegisterRefusal(
                    uri.Scheme == SipUriScheme.Sips ? 416 : 400, "Contact asks for a transport that is not spoken here");
                return false;
            }

            var expires = ReadExpires(contact, wanted);
            if (expires > TimeSpan.Zero && expires < options.MinExpires)
            {
                refusal = new RegisterRefusal(423);
                return false;
            }
        }

        // RFC 3261 §10.2.2: "*" stands alone, with Expires: 0.
        if (star && (contacts > 0 || !hasExpires || wanted != TimeSpan.Zero))
            return false;
        wishes = new RegisterWishes(star, contacts, wanted);
        return true;
    }

    /// <summary>One value of Contact, in a message that has been read.</summary>
    public static ContactWish ReadContact(ReadOnlySpan<byte> value, in RegisterWishes wishes, TimeSpan maxExpires)
    {
        _ = NameAddressView.TryParse(value, out var contact);
        var expires = ReadExpires(contact, wishes.Expires);
        var instance = ReadInstance(contact, out var regId);
        return new ContactWish
        {
            Uri = contact.Uri,
            Expires = expires > maxExpires ? maxExpires : expires,
            InstanceId = instance,
            RegId = regId,
            Quality = ReadQuality(contact),
        };
    }

    /// <summary>The proxies that a message which has been read came through, nearest to us first (RFC 3327 §5.3).</summary>
    public static IReadOnlyList<string> ReadPath(SipMessage request)
    {
        List<string>? path = null;
        foreach (var value in request.GetValues(SipHeaderId.Path))
        {
            if (NameAddressView.TryParse(value, out var proxy))
                (path ??= []).Add(Encoding.UTF8.GetString(proxy.Uri));
        }

        return path is null ? Array.Empty<string>() : path;
    }

    // RFC 3327 §5.3: kept in order; the nearest is next when the phone is called. One that can't be reached in the clear is refused.
    private static bool TryReadPath(SipMessage request, SpokenTransports spoken, out int length)
    {
        length = 0;
        foreach (var value in request.GetValues(SipHeaderId.Path))
        {
            if (length == MaxPath
                || !NameAddressView.TryParse(value, out var proxy)
                || !SipUriView.TryParse(proxy.Uri, out var uri)
                || (length == 0 && !UriTransport.TryRead(uri, spoken, out _)))
                return false;
            length++;
        }

        return true;
    }

    private static TimeSpan ReadExpires(NameAddressView contact, TimeSpan wanted) =>
        contact.TryGetParameter("expires"u8, out var own) ? ReadSeconds(own) ?? TimeSpan.FromHours(1) : wanted;

    // RFC 5626 §6: a reg-id means something only beside an instance id; 1 to 2^31 - 1.
    private static ReadOnlySpan<byte> ReadInstance(NameAddressView contact, out int? regId)
    {
        regId = null;
        if (!contact.TryGetParameter("+sip.instance"u8, out var instance) || instance.IsEmpty || instance.Length > MaxInstanceId)
            return default;
        if (contact.TryGetParameter("reg-id"u8, out var id) && SipChars.TryReadNumber(id, int.MaxValue, out var number) && number > 0)
            regId = (int)number;
        return instance.Trim("<>"u8);
    }

    // RFC 3261 §20.10: from 0 to 1. Who states none, or none that can be read, is as good as the best.
    private static int ReadQuality(NameAddressView contact) =>
        contact.TryGetParameter("q"u8, out var q) && RedirectTargets.TryReadQuality(q, out var thousandths) ? thousandths : 1000;

    private static TimeSpan? ReadSeconds(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out uint seconds, out var used) && used == value.Length ? TimeSpan.FromSeconds(seconds) : null;
}

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Registrar;

/// <summary>Reads Contact and Expires of a REGISTER (RFC 3261 §10.3 steps 6 and 7).</summary>
internal static class RegisterReader
{
    private const int MaxContacts = 20;

    /// <summary>Reads; on failure tells the status code to refuse with (400, or 423 when a time is too short).</summary>
    public static bool TryRead(
        SipMessage request, RegistrarOptions options, [NotNullWhen(true)] out RegisterWishes? wishes, out int refusal)
    {
        wishes = null;
        refusal = 400;
        var wanted = options.DefaultExpires;
        var hasExpires = request.TryGetHeader(SipHeaderId.Expires, out var expiresValue);
        // RFC 3261 §20.19: a malformed value counts as 3600.
        if (hasExpires)
            wanted = ReadSeconds(expiresValue) ?? TimeSpan.FromHours(1);

        var contacts = new List<ContactWish>();
        var star = false;
        foreach (var value in request.GetValues(SipHeaderId.Contact))
        {
            if (value.SequenceEqual("*"u8))
            {
                star = true;
                continue;
            }

            if (contacts.Count == MaxContacts || !NameAddressView.TryParse(value, out var contact)
                || !SipUriView.TryParse(contact.Uri, out var uri)
                || uri.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips))
                return false;
            var expires = contact.TryGetParameter("expires"u8, out var own) ? ReadSeconds(own) ?? TimeSpan.FromHours(1) : wanted;
            if (expires > TimeSpan.Zero && expires < options.MinExpires)
            {
                refusal = 423;
                return false;
            }

            contacts.Add(
                new ContactWish(Encoding.UTF8.GetString(contact.Uri), expires > options.MaxExpires ? options.MaxExpires : expires));
        }

        // RFC 3261 §10.2.2: "*" stands alone, with Expires: 0.
        if (star && (contacts.Count > 0 || !hasExpires || wanted != TimeSpan.Zero))
            return false;
        wishes = new RegisterWishes(star, contacts);
        return true;
    }

    private static TimeSpan? ReadSeconds(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out uint seconds, out var used) && used == value.Length ? TimeSpan.FromSeconds(seconds) : null;
}

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Registrar;

/// <summary>Reads Contact, Expires and Path of a REGISTER (RFC 3261 §10.3 steps 6 and 7, RFC 3327).</summary>
internal static class RegisterReader
{
    private const int MaxContacts = 20;
    private const int MaxPath = 10;
    private const int MaxInstanceId = 256;

    /// <summary>Reads; on failure tells what to refuse with: 400, 416, or 423 when a time is too short.</summary>
    public static bool TryRead(
        SipMessage request, RegistrarOptions options, [NotNullWhen(true)] out RegisterWishes? wishes, out RegisterRefusal refusal)
    {
        wishes = null;
        refusal = new RegisterRefusal(400);
        var wanted = options.DefaultExpires;
        var hasExpires = request.TryGetHeader(SipHeaderId.Expires, out var expiresValue);
        // RFC 3261 §20.19: a malformed value counts as 3600.
        if (hasExpires)
            wanted = ReadSeconds(expiresValue) ?? TimeSpan.FromHours(1);

        if (!TryReadPath(request, out var path))
            return false;
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
            // Behind a proxy the transport of the contact is the proxy's affair (RFC 3327 §4).
            if (path.Count == 0 && !UriTransport.TryRead(uri, out _))
            {
                refusal = new RegisterRefusal(
                    uri.Scheme == SipUriScheme.Sips ? 416 : 400, "Contact asks for a transport that is not spoken here");
                return false;
            }

            var expires = contact.TryGetParameter("expires"u8, out var own) ? ReadSeconds(own) ?? TimeSpan.FromHours(1) : wanted;
            if (expires > TimeSpan.Zero && expires < options.MinExpires)
            {
                refusal = new RegisterRefusal(423);
                return false;
            }

            var (instance, regId) = ReadInstance(contact);
            contacts.Add(new ContactWish(
                Encoding.UTF8.GetString(contact.Uri),
                expires > options.MaxExpires ? options.MaxExpires : expires,
                instance,
                regId,
                ReadQuality(contact)));
        }

        // RFC 3261 §10.2.2: "*" stands alone, with Expires: 0.
        if (star && (contacts.Count > 0 || !hasExpires || wanted != TimeSpan.Zero))
            return false;
        wishes = new RegisterWishes(star, contacts, path);
        return true;
    }

    // RFC 3327 §5.3: kept in order; the nearest is next when the phone is called. One that can't be reached in the clear is refused.
    private static bool TryReadPath(SipMessage request, out List<string> path)
    {
        path = [];
        foreach (var value in request.GetValues(SipHeaderId.Path))
        {
            if (path.Count == MaxPath
                || !NameAddressView.TryParse(value, out var proxy)
                || !SipUriView.TryParse(proxy.Uri, out var uri)
                || (path.Count == 0 && !UriTransport.TryRead(uri, out _)))
                return false;
            path.Add(Encoding.UTF8.GetString(proxy.Uri));
        }

        return true;
    }

    // RFC 5626 §6: a reg-id means something only beside an instance id; 1 to 2^31 - 1.
    private static (string? InstanceId, int? RegId) ReadInstance(NameAddressView contact)
    {
        if (!contact.TryGetParameter("+sip.instance"u8, out var instance) || instance.IsEmpty || instance.Length > MaxInstanceId)
            return default;
        var regId = contact.TryGetParameter("reg-id"u8, out var id) && SipChars.TryReadNumber(id, int.MaxValue, out var number)
            && number > 0 ? (int?)number : null;
        return (Encoding.UTF8.GetString(instance).Trim('<', '>'), regId);
    }

    // RFC 3261 §20.10: from 0 to 1. Who states none, or none that can be read, is as good as the best.
    private static int ReadQuality(NameAddressView contact) =>
        contact.TryGetParameter("q"u8, out var q) && RedirectTargets.TryReadQuality(q, out var thousandths) ? thousandths : 1000;

    private static TimeSpan? ReadSeconds(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out uint seconds, out var used) && used == value.Length ? TimeSpan.FromSeconds(seconds) : null;
}

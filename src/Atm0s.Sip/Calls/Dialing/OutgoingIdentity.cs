using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>Writes who calls, and what the call has gone through, into an INVITE (RFC 3323, 3325, 5806, 8224).</summary>
internal static class OutgoingIdentity
{
    /// <summary>
    /// Writes the fields that the options ask for.
    /// </summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="options">What the host wants.</param>
    /// <param name="toPhone"> Whether the called is a phone and no network: then nothing may be told that is to be hidden (RFC 3325 §7). A
    /// token names the caller, too (RFC 8225 §5.2.1).
    /// </param>
    public static void Write(SipWriter writer, OutgoingCallOptions options, bool toPhone)
    {
        var hidesCaller = options.Anonymous && toPhone;
        if (options.Identity is { } identity && !hidesCaller)
            writer.Header(SipHeaderId.PAssertedIdentity, Text(identity));
        if (options.Anonymous)
            writer.Header(SipHeaderId.Privacy, "id");
        foreach (var diversion in options.Diversions)
        {
            var reason = diversion.Reason is { } word ? $";reason={word}" : "";
            writer.Header(SipHeaderId.Diversion, $"{Text(diversion.Address)}{reason}");
        }

        foreach (var token in hidesCaller ? [] : options.IdentityTokens)
            writer.Header(SipHeaderId.Identity, token);
    }

    private static string Text(SipAddress address)
    {
        // What we would refuse to read we do not write.
        if (!SipUriView.TryParse(Encoding.UTF8.GetBytes(address.Uri), out _))
            throw new ArgumentException($"\"{address.Uri}\" is no URI.");
        return address.DisplayName is { } name ? $"{SipEscapes.Quote(name)} <{address.Uri}>" : $"<{address.Uri}>";
    }
}

using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// The checks that every request passes before its method matters (RFC 3261 §8.2), in the order of that section. Authentication
/// comes before, merged requests (<c>MergedRequests</c>) and dialogs beside it. An ACK is never answered: do not inspect it.
/// </summary>
internal static class UasInspection
{
    /// <summary>Holds a request against what we understand.</summary>
    /// <param name="request">A received request that can be read (its Refusal is None).</param>
    /// <param name="capabilities">What we understand.</param>
    public static UasVerdict Inspect(SipMessage request, UasCapabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(capabilities);
        // RFC 3261 §8.2.1: 405 for a method we know but do not support here; §21.5.2: 501 for one we do not know at all.
        if (request.Method == SipMethod.Other)
            return new UasVerdict(501, SipHeaderId.Allow, capabilities.Allow);
        if (!capabilities.Supports(request.Method))
            return new UasVerdict(405, SipHeaderId.Allow, capabilities.Allow);
        // RFC 3261 §8.2.2.1: 416 for a scheme we do not support.
        if (!IsSchemeKnown(request.RequestUri, capabilities))
            return new UasVerdict(416);
        // RFC 3261 §9.1, §8.2.2.3: Require is ignored in a CANCEL; it has no body of interest either.
        if (request.Method == SipMethod.Cancel)
            return default;
        var verdict = InspectRequire(request, capabilities);
        if (!verdict.IsOk)
            return verdict;
        // RFC 3428 §7: what a MESSAGE may carry is up to whom it is for.
        verdict = request.Method == SipMethod.Message ? default : InspectContent(request, capabilities);
        return verdict.IsOk ? InspectAccept(request, capabilities) : verdict;
    }

    /// <summary>
    /// Holds a request inside a dialog against what we understand (RFC 3261 §12.2.2): what it requires and, of an INVITE, its body.
    /// </summary>
    /// <param name="request">A received request that can be read; no ACK, no CANCEL.</param>
    /// <param name="capabilities">What we understand.</param>
    public static UasVerdict InspectInDialog(SipMessage request, UasCapabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(capabilities);
        var verdict = InspectRequire(request, capabilities);
        return verdict.IsOk && request.Method == SipMethod.Invite ? InspectContent(request, capabilities) : verdict;
    }

    private static bool IsSchemeKnown(ReadOnlySpan<byte> uri, UasCapabilities capabilities) =>
        SipUriView.TryParse(uri, out var view)
        && view.Scheme switch
        {
            SipUriScheme.Sip => true,
            SipUriScheme.Sips => capabilities.AllowSips,
            SipUriScheme.Tel => capabilities.AllowTel,
            _ => false,
        };

    // RFC 3261 §8.2.2.3: 420, and Unsupported lists what we do not understand.
    private static UasVerdict InspectRequire(SipMessage request, UasCapabilities capabilities)
    {
        List<byte>? unsupported = null;
        foreach (var tag in request.GetValues(SipHeaderId.Require))
        {
            if (tag.IsEmpty || capabilities.SupportsExtension(tag))
                continue;
            if (unsupported is null)
                unsupported = [];
            else
                unsupported.AddRange(", "u8);
            unsupported.AddRange(tag);
        }

        return unsupported is null ? default : new UasVerdict(420, SipHeaderId.Unsupported, unsupported.ToArray());
    }

    // RFC 3261 §8.2.3: 415 with Accept or Accept-Encoding, unless the body is optional. Languages are not looked at: what our bodies
    // carry has none.
    private static UasVerdict InspectContent(SipMessage request, UasCapabilities capabilities)
    {
        if (request.Body.IsEmpty || IsOptional(request))
            return default;
        foreach (var encoding in request.GetValues(SipHeaderId.ContentEncoding))
        {
            if (!capabilities.UnderstandsEncoding(encoding))
                return new UasVerdict(415, SipHeaderId.AcceptEncoding, capabilities.AcceptEncoding);
        }

        // RFC 3261 §20.15: a body without Content-Type is not understood either.
        if (request.TryGetHeader(SipHeaderId.ContentType, out var type) && capabilities.UnderstandsType(WithoutParameters(type)))
            return default;
        return new UasVerdict(415, SipHeaderId.Accept, capabilities.Accept);
    }

    // RFC 3261 §21.4.7: 406 when nothing we could send is among what the peer accepts. Only where a body belongs into the response,
    // and only when there is an Accept field with a value: none means application/sdp, an empty one means no body at all (§20.1).
    private static UasVerdict InspectAccept(SipMessage request, UasCapabilities capabilities)
    {
        if (request.Method is not SipMethod.Invite)
            return default;
        var any = false;
        foreach (var range in request.GetValues(SipHeaderId.Accept))
        {
            if (range.IsEmpty)
                continue;
            any = true;
            if (capabilities.Satisfies(WithoutParameters(range)))
                return default;
        }

        return any ? new UasVerdict(406, SipHeaderId.Accept, capabilities.Accept) : default;
    }

    // RFC 3261 §20.11: handling=optional; the default is required.
    private static bool IsOptional(SipMessage request)
    {
        if (!request.TryGetHeader(SipHeaderId.ContentDisposition, out var disposition))
            return false;
        var first = true;
        foreach (var range in disposition.Split((byte)';'))
        {
            var parameter = Trim(disposition[range]);
            if (!first)
            {
                var equals = parameter.IndexOf((byte)'=');
                if (equals > 0
                    && Ascii.EqualsIgnoreCase(Trim(parameter[..equals]), "handling"u8)
                    && Ascii.EqualsIgnoreCase(Trim(parameter[(equals + 1)..]), "optional"u8))
                    return true;
            }

            first = false;
        }

        return false;
    }

    private static ReadOnlySpan<byte> WithoutParameters(ReadOnlySpan<byte> value)
    {
        var semicolon = value.IndexOf((byte)';');
        return Trim(semicolon < 0 ? value : value[..semicolon]);
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);
}

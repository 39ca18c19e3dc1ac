namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Request-URIs made from the URIs of Contact and Refer-To (RFC 3261 §8.1.3.4, §19.1.5).</summary>
internal static class RequestUris
{
    /// <summary>The URI without its <c>method</c> parameter and headers, which must not stand in a Request-URI; all else stays.</summary>
    /// <param name="uri">A sip or sips URI; another scheme is copied.</param>
    public static byte[] From(ReadOnlySpan<byte> uri)
    {
        if (!SipUriView.TryParse(uri, out var view) || view.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips))
            return uri.ToArray();
        // What stands behind the host begins at the first semicolon or question mark behind the user part.
        var host = uri.IndexOf((byte)'@') + 1;
        var tail = uri[host..].IndexOfAny((byte)';', (byte)'?');
        if (tail < 0)
            return uri.ToArray();
        var result = new List<byte>(uri.Length);
        result.AddRange(uri[..(host + tail)]);
        var parameters = view.Parameters;
        while (!parameters.IsEmpty)
        {
            var end = parameters[1..].IndexOf((byte)';');
            var parameter = end < 0 ? parameters : parameters[..(end + 1)];
            parameters = parameters[parameter.Length..];
            var equal = parameter.IndexOf((byte)'=');
            if (!SipChars.EqualsIgnoreCase(equal < 0 ? parameter : parameter[..equal], ";method"u8))
                result.AddRange(parameter);
        }

        return [.. result];
    }
}

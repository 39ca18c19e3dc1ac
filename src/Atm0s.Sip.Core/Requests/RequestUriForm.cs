using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Requests;

/// <summary>Takes out of a URI what RFC 3261 table 1 does not allow in a Request-URI: the method parameter and headers.</summary>
internal static class RequestUriForm
{
    internal static byte[] Of(byte[] uri)
    {
        if (!SipUriView.TryParse(uri, out var view) || view.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips))
            return uri;
        var hasMethod = view.TryGetParameter("method"u8, out _);
        // RFC 3261 §25.1: a header follows the question mark; peers write it alone, too.
        var hasHeaders = !view.Headers.IsEmpty || uri[^1] == (byte)'?';
        if (!hasHeaders && !hasMethod)
            return uri;

        ReadOnlySpan<byte> rest = uri;
        if (hasHeaders)
            rest = rest[..^(view.Headers.Length + 1)];
        if (!hasMethod)
            return rest.ToArray();

        // The parameters stand at the end of what is left; all but method are kept as they are.
        var parameters = view.Parameters.TrimStart((byte)';');
        var front = rest[..^parameters.Length].TrimEnd((byte)';');
        var kept = new List<byte>(rest.Length);
        kept.AddRange(front);
        foreach (var range in parameters.Split((byte)';'))
        {
            var parameter = parameters[range];
            var equals = parameter.IndexOf((byte)'=');
            if (System.Text.Ascii.EqualsIgnoreCase(equals < 0 ? parameter : parameter[..equals], "method"u8))
                continue;
            kept.Add((byte)';');
            kept.AddRange(parameter);
        }

        return [.. kept];
    }
}

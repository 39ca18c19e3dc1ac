using System.Diagnostics.CodeAnalysis;
using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>An IP address and a port; without one 5060 is meant.</summary>
internal sealed class EndPointFormat() : ValueFormat<IPEndPoint>(ValueKind.EndPoint)
{
    public override string Advice => "an IP address and port, for example 0.0.0.0:5060 or [::]:5060";

    public override bool TryRead(string text, [MaybeNullWhen(false)] out IPEndPoint value)
    {
        value = null;
        if (!text.Contains('.', StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal))
            return false;
        try
        {
            value = SipListenerOptions.Parse("udp://" + text.Trim()).EndPoint;
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public override string Write(IPEndPoint value) => value.ToString();
}

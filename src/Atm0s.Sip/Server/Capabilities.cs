using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Server;

/// <summary>What the server understands of a request before it looks at it closer (RFC 3261 §8.2).</summary>
internal static class Capabilities
{
    public static UasCapabilities Of(SipServerOptions options, bool takesMessages)
    {
        List<SipMethod> methods = [SipMethod.Invite, SipMethod.Ack, SipMethod.Cancel, SipMethod.Bye, SipMethod.Options, SipMethod.Info,
            SipMethod.Prack, SipMethod.Update, SipMethod.Refer, SipMethod.Notify];
        if (takesMessages)
            methods.Add(SipMethod.Message);
        if (options.Registrar.Enabled)
            methods.Add(SipMethod.Register);
        return new UasCapabilities(
            methods,
            // RFC 3262, RFC 4028, RFC 3891, RFC 4488
            extensions: ["100rel", "timer", "replaces", "norefersub"],
            contentTypes: ["application/sdp"],
            containers: ["multipart/mixed", "multipart/alternative"],
            // RFC 3966: numbers as gateways write them.
            allowTel: true,
            // RFC 3261 §8.2.2.1, §26.2.2: sips promises TLS on the way to us, which the router looks at for each request.
            allowSips: true);
    }
}

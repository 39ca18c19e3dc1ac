using System.Globalization;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>Requests in masses, as a transport would hand them over.</summary>
internal static class RequestBytes
{
    /// <summary>A request that differs from all others of its kind by its number.</summary>
    public static SipMessage Parse(SipFlow flow, string method, int number, string extra = "", string branch = "z9hG4bK")
    {
        var text =
            $"{method} sip:room1@test.local SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch={branch}{number:D7};rport\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:alice@test.local>;tag=f{number:D7}\r\nTo: <sip:alice@test.local>\r\nCall-ID: c{number:D7}\r\nCSeq: 1 "
                + $"{method}\r\n"
            + $"Contact: <sip:alice@192.0.2.7>\r\n{extra}Content-Length: 0\r\n\r\n";
        Assert.That(
            SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, isStream: false, out var message, out _), Is.True);
        message!.RemoteEndPoint = flow.RemoteEndPoint;
        return message;
    }

    /// <summary>Makes it another request where it stands.</summary>
    public static void Renumber(SipMessage request, int number)
    {
        Write(request.BranchRange);
        Write(request.FromTagRange);
        Write(request.CallIdRange);

        void Write(ByteRange range) =>
            number.TryFormat(request.WritableBytes.Slice(range.End - 7, 7), out _, "D7", CultureInfo.InvariantCulture);
    }
}

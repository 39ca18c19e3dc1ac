using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Fuzz.Targets;

/// <summary>A SIP message: read, looked at in every way there is, and answered.</summary>
internal sealed class MessageTarget : FuzzTarget
{
    private static readonly IPEndPoint Source = new(IPAddress.Parse("203.0.113.200"), 33333);

    public override string Name => "message";

    public override IEnumerable<byte[]> Seeds() => SeedFiles.Read("messages", "rfc4475", "rfc5118", "advisory");

    public override void Run(ReadOnlySpan<byte> input)
    {
        Read(input, isStream: false);
        Read(input, isStream: true);
    }

    /// <summary>Reads and answers one message.</summary>
    internal static void Read(ReadOnlySpan<byte> bytes, bool isStream)
    {
        if (!SipParser.TryParse(bytes, SipLimits.Default, isStream, out var message, out var refusal))
        {
            Must(message is null && refusal != SipRefusal.None, "What is not read has a reason.");
            return;
        }

        using (message)
        {
            message.RemoteEndPoint = Source;
            LookAt(message);
            if (!message.IsRequest)
                return;
            Answer(message, refusal);
            if (refusal == SipRefusal.None)
                Understand(message);
        }
    }

    private static void LookAt(SipMessage message)
    {
        _ = message.From.Tag.Length + message.To.Tag.Length + message.TopVia.Received.Length + message.TopVia.Rport + message.Body.Length;
        for (var i = 0; i < message.HeaderCount; i++)
        {
            var field = message.GetHeader(i);
            Must(!field.Value.ContainsAny((byte)'\r', (byte)'\n'), "A line break in a value.");
            if (NameAddressView.TryParse(field.Value, out var address) && SipUriView.TryParse(address.Uri, out var uri))
            {
                Must(SipUriView.AreEquivalent(uri, uri), "A URI differs from itself.");
                _ = SipEscapes.Unescape(uri.User);
            }

            foreach (var value in message.GetValues(field.Id))
                _ = ViaView.TryParse(value, out var via) && via.HasRport;
        }
    }

    private static void Understand(SipMessage request)
    {
        Must(!request.CallId.IsEmpty, "Accepted without Call-ID.");
        if (SdpBody.TryFind(request, out var sdp) == SdpBodyResult.Found)
            SdpParser.TryParse(sdp, SdpLimits.Default, out _, out _);
        using var copy = request.Clone();
        Must(copy.CallId.SequenceEqual(request.CallId) && copy.Body.SequenceEqual(request.Body), "A copy is the same.");
    }

    private static void Answer(SipMessage request, SipRefusal refusal)
    {
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        SipResponseWriter.Begin(writer, request, refusal == SipRefusal.None ? 200 : refusal.ToStatusCode(), refusal.ToReason(), "tag");
        writer.End();
        var answered = SipParser.TryParse(buffer.WrittenSpan, SipLimits.Default, isStream: true, out var response, out _);
        using (response)
        {
            if (refusal == SipRefusal.None)
            {
                Must(
                    answered && response!.CallId.SequenceEqual(request.CallId)
                        && response.TopViaBranch.SequenceEqual(request.TopViaBranch),
                    "The answer to a good request is good.");
            }
        }
    }
}

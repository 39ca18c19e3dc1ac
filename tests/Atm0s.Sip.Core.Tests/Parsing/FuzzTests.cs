using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>
/// Wrong messages by the hundred thousand: none throws, each ends with a name, and what is let through can be read and answered.
/// </summary>
public class FuzzTests
{
    private const int Messages = 200_000;
    private static readonly IPEndPoint Source = new(IPAddress.Parse("203.0.113.200"), 33333);

    [Test]
    public void No_mutated_message_throws()
    {
        string[] folders = ["rfc4475", "rfc5118", "advisory", "messages"];
        var corpus = folders.SelectMany(d => TestData.Files(d).Select(f => TestData.Read(d, f))).Where(m => m.Length < 4096).ToArray();
        var mutator = new Mutator(20260730, corpus);
        var refusals = new int[256];
        using var buffer = new PooledBufferWriter();
        for (var i = 0; i < Messages; i++)
        {
            var bytes = mutator.Next();
            try
            {
                refusals[(int)Play(bytes, isStream: i % 4 == 0, buffer)]++;
            }
            catch (Exception e) when (e is not AssertionException)
            {
                Assert.Fail($"Message {i} threw {e}:\n{Convert.ToBase64String(bytes)}");
            }
        }

        var met = Enumerable.Range(0, 256).Where(i => refusals[i] > 0).Select(i => (SipRefusal)i).ToList();
        Assert.That(met, Is.All.Matches<SipRefusal>(Enum.IsDefined));
        // The mutations are worth something only when they get everywhere.
        Assert.That(refusals[0], Is.GreaterThan(Messages / 20));
        Assert.That(met, Has.Count.GreaterThan(25));
    }

    private static SipRefusal Play(byte[] bytes, bool isStream, PooledBufferWriter buffer)
    {
        if (!SipParser.TryParse(bytes, SipLimits.Default, isStream, out var message, out var refusal))
        {
            Assert.That(message, Is.Null);
            return refusal;
        }

        using (message)
        {
            message.RemoteEndPoint = Source;
            Read(message);
            buffer.Reset();
            if (message.IsRequest)
                Answer(message, refusal, buffer);
        }

        return refusal;
    }

    private static void Read(SipMessage message)
    {
        _ = message.From.Tag.Length + message.To.Tag.Length + message.TopVia.Received.Length + message.TopVia.Rport + message.Body.Length;
        if (message.Refusal == SipRefusal.None && message.CallId.IsEmpty)
            Assert.Fail("Accepted without Call-ID.");
        for (var i = 0; i < message.HeaderCount; i++)
        {
            var field = message.GetHeader(i);
            if (field.Value.ContainsAny((byte)'\r', (byte)'\n'))
                Assert.Fail("A line break got into a value.");
            if (NameAddressView.TryParse(field.Value, out var address) && SipUriView.TryParse(address.Uri, out var uri))
                _ = SipUriView.AreEquivalent(uri, uri) ? SipEscapes.Unescape(uri.User)
                    : throw new AssertionException("A URI differs from itself.");
            foreach (var value in message.GetValues(field.Id))
                _ = ViaView.TryParse(value, out var via) && via.HasRport;
        }
    }

    private static void Answer(SipMessage request, SipRefusal refusal, PooledBufferWriter buffer)
    {
        var writer = new SipWriter(buffer);
        SipResponseWriter.Begin(writer, request, refusal == SipRefusal.None ? 200 : refusal.ToStatusCode(), refusal.ToReason(), "tag");
        writer.End();
        var answered = SipParser.TryParse(buffer.WrittenSpan, SipLimits.Default, isStream: true, out var response, out _);
        using (response)
        {
            if (refusal == SipRefusal.None
                && (!answered || !response!.CallId.SequenceEqual(request.CallId)
                || !response.TopViaBranch.SequenceEqual(request.TopViaBranch)))
                Assert.Fail($"The answer to a good request is no good: {Views.Text(buffer.WrittenSpan)}");
        }
    }
}

using System.Net;
using System.Text;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Fuzz.Targets;

/// <summary>A session description: taken as an offer and answered, taken as the answer to an offer of ours.</summary>
internal sealed class SdpTarget : FuzzTarget
{
    private static readonly AudioWish Wish = new()
    {
        Formats =
        [
            new AudioFormat("opus", 48000, 2, -1, "useinbandfec=1"), new AudioFormat("PCMA", 8000, 1, 8, null),
            new AudioFormat("PCMU", 8000, 1, 0, null), new AudioFormat("G722", 8000, 1, 9, null),
        ],
    };

    public override string Name => "sdp";

    public override IEnumerable<byte[]> Seeds() => SeedFiles.Read("sdp")
        .Concat(SeedFiles.Read("advisory", "messages").Select(BodyOf).Where(body => body.AsSpan().StartsWith("v="u8)));

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (!SdpParser.TryParse(input, SdpLimits.Default, out var description, out var refusal))
        {
            Must(description is null && refusal != SdpRefusal.None, "What is not read has a reason.");
            return;
        }

        Must(description.Media.Count <= SdpLimits.Default.MaxMedia, "More streams than may be.");
        Must(description.Media.All(media => media.Formats.Count <= SdpLimits.Default.MaxFormats), "More formats than may be.");
        Answer(description);
        TakeAsAnswer(description);
    }

    private static void Answer(SessionDescription offer)
    {
        var negotiation = new SdpNegotiation(Wish, 1);
        if (negotiation.TakeOffer(offer) != NegotiationFailure.None)
            return;
        var answer = negotiation.Answer(IPAddress.Parse("192.0.2.1"), 4000);
        Must(
            SdpParser.TryParse(answer, SdpLimits.Default, out var read, out _) && read.Media.Count == offer.Media.Count,
            "The answer has the streams of the offer.");
        // A second offer, and one of ours over it.
        if (negotiation.TakeOffer(offer) == NegotiationFailure.None)
            negotiation.RollBack();
        negotiation.Offer(IPAddress.Parse("192.0.2.1"), 4000);
        negotiation.TakeAnswer(offer);
    }

    private static void TakeAsAnswer(SessionDescription answer)
    {
        var negotiation = new SdpNegotiation(Wish, 1);
        negotiation.Offer(IPAddress.Parse("2001:db8::1"), 4000);
        if (negotiation.TakeAnswer(answer) == NegotiationFailure.None)
            Must(negotiation.Current is not null, "What is agreed is known.");
    }

    private static byte[] BodyOf(byte[] message)
    {
        var text = Encoding.Latin1.GetString(message);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? message : message[(end + 4)..];
    }
}

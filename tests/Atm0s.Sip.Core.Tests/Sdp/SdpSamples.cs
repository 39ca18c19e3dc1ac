using System.Net;
using System.Text;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

/// <summary>Offers of tests/data/sdp, codecs, and short ways to read.</summary>
internal static class SdpSamples
{
    public static readonly AudioFormat Opus = new("opus", 48000, 2, -1, "useinbandfec=1");
    public static readonly AudioFormat Pcma = new("PCMA", 8000, 1, 8, null);
    public static readonly AudioFormat Pcmu = new("PCMU", 8000, 1, 0, null);
    public static readonly AudioFormat G722 = new("G722", 8000, 1, 9, null);

    private static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "data", "sdp");

    public static AudioWish Wish { get; } = new() { Formats = [Opus, Pcma, Pcmu] };

    /// <summary>Where our audio is.</summary>
    public static IPEndPoint Local { get; } = IPEndPoint.Parse("203.0.113.1:20000");

    public static IEnumerable<string> Names() =>
        Directory.GetFiles(Folder, "*.sdp").Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static SessionDescription Load(string name) => Parse(Bytes(name));

    public static SessionDescription Parse(ReadOnlySpan<byte> bytes)
    {
        Assert.That(SdpParser.TryParse(bytes, SdpLimits.Default, out var description, out var refusal), Is.True, refusal.ToString());
        return description!;
    }

    public static SessionDescription Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>An offer from its lines below t=, media at 198.51.100.1.</summary>
    public static SessionDescription Offer(params string[] lines) =>
        Parse("v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n" + string.Join("\r\n", lines) + "\r\n");

    public static SdpRefusal RefusalOf(string text, SdpLimits? limits = null) => RefusalOf(Encoding.UTF8.GetBytes(text), limits);

    public static SdpRefusal RefusalOf(byte[] bytes, SdpLimits? limits = null)
    {
        var read = SdpParser.TryParse(bytes, limits ?? SdpLimits.Default, out var description, out var refusal);
        Assert.That(read, Is.EqualTo(refusal == SdpRefusal.None));
        Assert.That(description, read ? Is.Not.Null : Is.Null);
        return refusal;
    }

    /// <summary>A negotiation in which nothing was said yet.</summary>
    public static SdpNegotiation Negotiation(AudioWish? wish = null) => new(wish ?? Wish, 42);

    /// <summary>Our next offer in a negotiation.</summary>
    public static SessionDescription OfferOf(SdpNegotiation negotiation) => Parse(negotiation.Offer(Local.Address, Local.Port));

    /// <summary>Our answer in a negotiation.</summary>
    public static SessionDescription AnswerOf(SdpNegotiation negotiation, SessionDescription offer)
    {
        Assert.That(negotiation.TakeOffer(offer), Is.EqualTo(NegotiationFailure.None));
        return Parse(negotiation.Answer(Local.Address, Local.Port));
    }

    public static (SessionDescription Answer, NegotiatedAudio Negotiated) Answer(SessionDescription offer, AudioWish? wish = null)
    {
        var negotiation = Negotiation(wish);
        return (AnswerOf(negotiation, offer), negotiation.Current!);
    }

    public static NegotiationFailure FailureOf(SessionDescription offer, AudioWish? wish = null)
    {
        var negotiation = Negotiation(wish);
        var failure = negotiation.TakeOffer(offer);
        Assert.That(failure, Is.Not.EqualTo(NegotiationFailure.None));
        Assert.That(
            (negotiation.State, negotiation.Taken, negotiation.Current),
            Is.EqualTo((NegotiationState.Idle, (NegotiatedAudio?)null, (NegotiatedAudio?)null)));
        return failure;
    }
}

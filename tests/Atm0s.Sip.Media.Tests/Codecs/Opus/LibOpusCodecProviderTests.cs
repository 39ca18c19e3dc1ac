using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

[TestFixture]
public class LibOpusCodecProviderTests
{
    [Test]
    public void Candidates_PathGiven_IsTriedFirst()
    {
        Assert.That(LibOpusLibrary.Candidates("/opt/x.so")[0], Is.EqualTo("/opt/x.so"));
        Assert.That(LibOpusLibrary.Candidates(null), Has.None.EqualTo("/opt/x.so"));
        Assert.That(LibOpusLibrary.Candidates(""), Is.EqualTo(LibOpusLibrary.Candidates(null)));
        if (OperatingSystem.IsLinux())
            Assert.That(LibOpusLibrary.Candidates(null), Is.EqualTo(new[] { "libopus.so.0", "libopus.so" }));
    }

    [Test]
    public void Load_NothingThere_SaysWhatWasTried()
    {
        var library = LibOpusLibrary.Load(["libno-such-opus.so.7", "libno-such-opus.so"]);

        Assert.That((library.Version, library.Handle), Is.EqualTo(((string?)null, (nint)0)));
        Assert.That(library.Status, Is.EqualTo("no libopus found, tried libno-such-opus.so.7, libno-such-opus.so."));
    }

    [Test]
    [Platform("Linux")]
    public void Load_AnotherLibrary_IsNotTakenForOpus()
    {
        var library = LibOpusLibrary.Load(["libc.so.6"]);

        Assert.That(library.Version, Is.Null);
        Assert.That(library.Status, Does.Contain("libc.so.6 is not a libopus"));
    }

    [Test]
    public void EncoderAndDecoder_Warm_AllocateNothing()
    {
        var provider = LibOpusCodecProvider.Instance;
        if (!provider.IsAvailable)
            Assert.Ignore($"libopus does not load: {provider.Status}");
        using var encoder = provider.CreateEncoder(new OpusEncoderOptions());
        using var decoder = provider.CreateDecoder();
        var signal = Tone.MakeVoice(48000, 960 * 20);
        var (packet, pcm) = (new byte[1275], new short[960]);
        var frame = 0;

        var allocated = AllocationMeter.Measure(() =>
        {
            var length = encoder.Encode(signal.AsSpan(frame++ % 20 * 960, 960), packet);
            if (frame % 5 == 0)
                decoder.Conceal(pcm, packet.AsSpan(0, length));
            else
                decoder.Decode(packet.AsSpan(0, length), pcm);
        });

        Assert.That(allocated, Is.Zero);
    }
}

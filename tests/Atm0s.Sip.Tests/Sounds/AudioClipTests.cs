using System.Buffers.Binary;
using System.Diagnostics;
using Atm0s.Sip.Sounds.Ogg;
using Atm0s.Sip.TestKit;

namespace Atm0s.Sip.Tests.Sounds;

/// <summary>Files and samples as clips.</summary>
public sealed class AudioClipTests
{
    [Test]
    public void Pcm_OfAnyRate_KeepsItsTone([Values(4000, 8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000)] int rate)
    {
        var clip = AudioClip.FromPcm(Bots.BotTests.Tone(440, rate, 2), rate);
        Assert.That(clip.SampleRate, Is.AnyOf(8000, 16_000, 48_000));
        Assert.That(clip.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)).Within(TimeSpan.FromMilliseconds(1)));
        var report = ToWav(clip).Body(TimeSpan.FromMilliseconds(100)).Measure(440);
        Assert.That(report.Snr, Is.GreaterThan(55));
        Assert.That(report.Levels[440], Is.EqualTo(-12).Within(0.2));
    }

    [Test]
    public void Downwards_NothingFoldsBack()
    {
        // 5 kHz does not fit into 8 kHz: it would come back at 3 kHz.
        var clip = AudioClip.FromPcm(Bots.BotTests.Tone(5000, 16_000, 1), 16_000);
        var narrow = new WavFile(8000, [.. clip.At(8000).Select(s => s / 32768f)]);
        Assert.That(narrow.Body(TimeSpan.FromMilliseconds(100)).LevelDbov(), Is.LessThan(-75));
    }

    [Test]
    public void Wav_OfEveryKind_IsRead(
        [Values("pcm8", "pcm16", "pcm24", "pcm32", "float", "alaw", "mulaw", "extensible", "unfinished", "beyond")] string kind,
        [Values(1, 2)] int channels)
    {
        var clip = AudioClip.FromFile(Wav(kind, channels));
        Assert.That(clip.Duration, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(ToWav(clip).Measure(440).Snr, Is.GreaterThan(kind is "pcm8" or "alaw" or "mulaw" ? 30 : 60));
    }

    /// <summary>What stands after an empty chunk of audio in a whole file is no audio.</summary>
    [Test]
    public void Wav_WithoutAudio_HasNone_WhateverFollows()
    {
        byte[] list = [.. "LIST"u8, 12, 0, 0, 0, .. "INFOISFT"u8, 0, 0, 0, 0];
        var whole = Wav("unfinished", 1);
        byte[] file = [.. whole.AsSpan(0, whole.AsSpan().IndexOf("data"u8) + 8), .. list];
        Assert.That(AudioClip.FromFile(file).Duration, Is.EqualTo(TimeSpan.Zero));
    }

    /// <summary>A file of nothing but beginnings of pages would cost a checksum each.</summary>
    [Test]
    public void Ogg_OfBrokenPages_IsGivenUp()
    {
        var file = new byte[27 * 400_000];
        for (var at = 0; at < file.Length; at += 27)
        {
            "OggS"u8.CopyTo(file.AsSpan(at));
            file[at + 26] = 255;
        }

        var begun = System.Diagnostics.Stopwatch.StartNew();
        Assert.That(() => AudioClip.FromFile(file), Throws.InstanceOf<InvalidDataException>());
        Assert.That(begun.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void File_ThatBecomesTooLongWhenItIsConverted_IsInvalidData()
    {
        // 17 million samples at 4 kHz, of 8 bits: twice as many at 8 kHz.
        var file = new byte[44 + 17_000_000];
        "RIFF    WAVEfmt "u8.CopyTo(file);
        (file[16], file[20], file[22], file[32], file[34]) = (16, 1, 1, 1, 8);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), 4000);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), 17_000_000);
        Assert.That(() => AudioClip.FromFile(file), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("33,554,432"));
    }

    [TestCase("")]
    [TestCase("RIFF")]
    [TestCase("OggS")]
    [TestCase("something else altogether, of more than a head")]
    public void WhatIsNeither_IsRefused(string text) =>
        Assert.That(() => AudioClip.FromFile(System.Text.Encoding.ASCII.GetBytes(text)), Throws.InstanceOf<InvalidDataException>());

    [Test]
    public void DamagedFiles_ThrowNothingElse([Values] bool ogg)
    {
        var file = ogg ? Recordings.OpusRecordingTests.Record(1, 1) : Wav("pcm16", 2);
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = file[..random.Next(file.Length)];
            for (var n = random.Next(8); n > 0 && damaged.Length > 0; n--)
                damaged[random.Next(Math.Min(damaged.Length, 200))] = (byte)random.Next(256);
            try
            {
                AudioClip.FromFile(damaged);
            }
            catch (InvalidDataException)
            {
                // What may be.
            }
        }
    }

    [Test]
    public void OpusOfOpusenc_IsRead_WithItsLength()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (wav, ogg) = (Path.Combine(folder.FullName, "a.wav"), Path.Combine(folder.FullName, "a.opus"));
            File.WriteAllBytes(wav, Wav("pcm16", 2));
            OpusTools.Run("opusenc", "--quiet", wav, ogg);
            var clip = AudioClip.FromFile(File.ReadAllBytes(ogg));
            Assert.That(clip.Duration, Is.EqualTo(TimeSpan.FromSeconds(1)).Within(TimeSpan.FromMilliseconds(20)));
            Assert.That(ToWav(clip).Body(TimeSpan.FromMilliseconds(200)).Measure(440).Snr, Is.GreaterThan(20));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void SelfDelimitedPackets_ComeBack([Values(1, 10, 251, 252, 253, 256, 1000, 1275)] int length)
    {
        var packet = new byte[length];
        new Random(length).NextBytes(packet);
        packet[0] = 0x78;
        var output = new byte[2000];
        var written = SelfDelimited.Write(packet, output);
        Assert.That(SelfDelimited.Read(output.AsSpan(0, written), out var read), Is.EqualTo(written));
        Assert.That(read, Is.EqualTo(packet));
    }

    [Test]
    public void Tones_LastAndSoundAsAsked()
    {
        Assert.That(AudioClip.Ringback.Duration, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(ToWav(AudioClip.Tone(TimeSpan.FromSeconds(1), 425)).StrongestFrequency(), Is.EqualTo(425).Within(1));
        Assert.That(() => AudioClip.Tone(TimeSpan.FromHours(2), 425), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => AudioClip.FromPcm([], 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    internal static WavFile ToWav(AudioClip clip) => new(clip.SampleRate, [.. clip.ToPcm().Select(s => s / 32768f)]);

    private static byte[] Wav(string kind, int channels)
    {
        var (format, bits) = kind switch
        {
            "pcm8" => (1, 8),
            "pcm24" => (1, 24),
            "pcm32" => (1, 32),
            "float" => (3, 32),
            "alaw" => (6, 8),
            "mulaw" => (7, 8),
            "extensible" => (0xFFFE, 16),
            _ => (1, 16),
        };
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        var data = new List<byte>();
        foreach (var sample in Bots.BotTests.Tone(440, 8000, 1))
        {
            for (var channel = 0; channel < channels; channel++)
                data.AddRange(Bytes(sample, kind));
        }

        var extra = kind == "extensible" ? 24 : 0;
        writer.Write("RIFF"u8);
        writer.Write(36 + extra + data.Count);
        // An odd chunk that nobody knows, with its padding, stands before.
        writer.Write("WAVELIST"u8);
        writer.Write(3);
        writer.Write([1, 2, 3, 0]);
        writer.Write("fmt "u8);
        writer.Write(16 + extra);
        writer.Write((short)format);
        writer.Write((short)channels);
        writer.Write(8000);
        writer.Write(8000 * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write((short)bits);
        if (extra > 0)
            writer.Write([22, 0, 16, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]);
        writer.Write("data"u8);
        writer.Write(kind == "unfinished" ? 0u : kind == "beyond" ? uint.MaxValue : (uint)data.Count);
        writer.Write([.. data]);
        return file.ToArray();
    }

    private static byte[] Bytes(short sample, string kind)
    {
        var four = new byte[4];
        switch (kind)
        {
            case "pcm8":
                return [(byte)((sample >> 8) + 128)];
            case "pcm24":
                return [0, (byte)sample, (byte)(sample >> 8)];
            case "pcm32":
                BinaryPrimitives.WriteInt32LittleEndian(four, sample << 16);
                return four;
            case "float":
                BinaryPrimitives.WriteSingleLittleEndian(four, sample / 32768f);
                return four;
            case "alaw":
                return [Media.Codecs.G711.ALaw.Encode(sample)];
            case "mulaw":
                return [Media.Codecs.G711.MuLaw.Encode(sample)];
            default:
                return [(byte)sample, (byte)(sample >> 8)];
        }
    }
}

using Atm0s.Sip.Recordings;
using Atm0s.Sip.Sounds.Ogg;
using Atm0s.Sip.TestKit;

namespace Atm0s.Sip.Tests.Recordings;

/// <summary>Ogg Opus as it is written.</summary>
public sealed class OpusRecordingTests
{
    [Test]
    public void File_HasTheLengthAndTheTones_OfWhatWasRecorded([Values(1, 2)] int channels, [Values(8000, 16_000, 48_000)] int rate)
    {
        var file = Record(channels, 3, rate);
        var clip = AudioClip.FromFile(file);
        Assert.That(clip.Duration, Is.EqualTo(TimeSpan.FromSeconds(3)));
        var tones = Channels(file, channels);
        for (var channel = 0; channel < channels; channel++)
        {
            var tone = tones[channel].Body(TimeSpan.FromMilliseconds(300));
            Assert.That(tone.StrongestFrequency(), Is.EqualTo(440 * (channel + 1)).Within(1));
        }
    }

    [Test]
    public void OpusTools_ReadIt_WithoutAWarning([Values(1, 2)] int channels)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (ogg, wav) = (Path.Combine(folder.FullName, "a.ogg"), Path.Combine(folder.FullName, "a.wav"));
            File.WriteAllBytes(ogg, Record(channels, 3));
            var info = Sounds.OpusTools.Run("opusinfo", ogg);
            Assert.That(info, Does.Contain("Playback length: 0m:03.000s").And.Contain($"Channels: {channels}"));
            Assert.That(info, Does.Not.Contain("WARNING"));
            Sounds.OpusTools.Run("opusdec", "--quiet", "--rate", "48000", "--no-dither", ogg, wav);
            var decoded = channels == 1 ? [WavFile.Read(wav)] : Stereo(wav);
            for (var channel = 0; channel < channels; channel++)
            {
                Assert.That(decoded[channel].Duration, Is.EqualTo(TimeSpan.FromSeconds(3)));
                var tone = decoded[channel].Body(TimeSpan.FromMilliseconds(300));
                Assert.That(tone.StrongestFrequency(), Is.EqualTo(440 * (channel + 1)).Within(1));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void FileOfAKilledProgram_PlaysUpToTheLastSecond()
    {
        var file = Record(2, 10);
        var pages = 0;
        for (var at = 0; at < file.Length && OggPage.TryRead(file.AsSpan(at), out var page); at += page.Length)
            pages++;
        Assert.That(pages, Is.GreaterThanOrEqualTo(12));
        var torn = AudioClip.FromFile(file.AsMemory(0, file.Length * 3 / 4));
        Assert.That(torn.Duration, Is.InRange(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(8)));
    }

    private static WavFile[] Stereo(string path)
    {
        var (left, right) = RecordingTests.Channels(path);
        return [left, right];
    }

    internal static byte[] Record(int channels, int seconds, int rate = 16_000)
    {
        using var output = new MemoryStream();
        using var recording = new OpusRecording(output, rate, channels, 1);
        var tones = Enumerable.Range(0, channels).Select(channel => Bots.BotTests.Tone(440 * (channel + 1), rate, seconds)).ToArray();
        var frame = new short[rate / 50 * channels];
        for (var number = 0; number < seconds * 50; number++)
        {
            for (var i = 0; i < frame.Length; i++)
                frame[i] = tones[i % channels][(number * rate / 50) + (i / channels)];
            recording.Write(frame);
            if (number % 50 == 49)
                recording.Checkpoint();
        }

        recording.Finish();
        return output.ToArray();
    }

    internal static WavFile[] Channels(byte[] file, int channels)
    {
        var packets = new OggPackets(file);
        packets.Read();
        packets.Read();
        var decoders = Enumerable.Range(0, channels).Select(_ => OpusFiles.Provider.CreateDecoder()).ToArray();
        var samples = Enumerable.Range(0, channels).Select(_ => new List<float>()).ToArray();
        var pcm = new short[5760];
        while (packets.Read() is { } packet)
        {
            var parts = OpusFiles.Split(packet, channels)!;
            for (var channel = 0; channel < channels; channel++)
            {
                var count = decoders[channel].Decode(parts[channel], pcm);
                samples[channel].AddRange(pcm.Take(count).Select(s => s / 32768f));
            }
        }

        return [.. samples.Select(s => new WavFile(48_000, [.. s]))];
    }
}

using System.Buffers.Binary;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Audio;

[Category("Unit")]
public sealed class WavFileTests
{
    private static readonly WavFile Tone = ToneSource.Sine(440, TimeSpan.FromMilliseconds(100));

    [Test]
    public void What_is_written_is_read()
    {
        var read = WavFile.Parse(Tone.ToBytes());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.SampleRate, Is.EqualTo(8000));
            Assert.That(read.Samples, Is.EqualTo(Tone.Samples).Within(1f / 32768));
        }
    }

    [TestCase(0u), TestCase(uint.MaxValue)]
    public void A_recorder_that_was_killed_left_no_length(uint length)
    {
        var file = Tone.ToBytes();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), length);
        Assert.That(WavFile.Parse(file).Samples, Has.Length.EqualTo(Tone.Samples.Length));
    }

    [Test]
    public void Stereo_is_averaged()
    {
        var file = Tone.ToBytes();
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 2);
        var expected = Tone.Samples.Chunk(2).Select(pair => pair.Average()).ToArray();
        Assert.That(WavFile.Parse(file).Samples, Is.EqualTo(expected).Within(1f / 32768));
    }

    [Test]
    public void Float_is_read_and_unknown_chunks_are_skipped()
    {
        byte[] header = [.. Tone.ToBytes()[..36]];
        header[20] = 3;
        header[34] = 32;
        byte[] file = [.. header, .. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0, .. "data"u8, 4, 0, 0, 0, .. BitConverter.GetBytes(0.5f)];
        Assert.That(WavFile.Parse(file).Samples, Is.EqualTo(new[] { 0.5f }));
    }

    [Test]
    public void Other_files_are_refused() =>
        Assert.That(() => WavFile.Parse("hello, this is no audio"u8), Throws.TypeOf<InvalidDataException>());
}

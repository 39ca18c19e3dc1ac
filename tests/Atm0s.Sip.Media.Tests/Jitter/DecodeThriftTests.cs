using Atm0s.Sip.Media.Jitter;

namespace Atm0s.Sip.Media.Tests.Jitter;

public sealed class DecodeThriftTests
{
    private DecodeThrift _thrift = new();
    private long _sequence;

    [SetUp]
    public void SetUp() => (_thrift, _sequence) = (new DecodeThrift { IsOn = true }, 100);

    [Test]
    public void WhoIsHeard_IsDecodedWhole()
    {
        _thrift.IsOn = false;
        Assert.That(Decoded(100, _ => 60, _ => false), Has.All.True);
        Assert.That(_thrift.TakeLeftOut(), Is.Zero);
    }

    [Test]
    public void SteadyNoise_IsDecodedInPart()
    {
        Decoded(40, _ => 60, _ => false);
        Assert.That(Decoded(100, _ => 60, _ => false).Count(decoded => decoded), Is.EqualTo(25));
    }

    [Test]
    public void Voice_IsDecodedWhole_FromItsFirstPacketOn_UntilTheRoomHasChosen()
    {
        Decoded(41, _ => 60, _ => false);
        var decoded = Decoded(20, _ => 60, _ => true);
        Assert.That(decoded[..DecodeThrift.Onset], Has.All.True);
        Assert.That(decoded[DecodeThrift.Onset..].Count(one => one), Is.InRange(3, 5), "a fourth voice");
    }

    [Test]
    public void WithoutFlags_SizeTells()
    {
        Decoded(100, _ => 40, _ => null);
        Assert.That(Decoded(6, _ => 90, _ => null)[..DecodeThrift.Onset], Has.All.True);
    }

    [Test]
    public void Levels_AreBelievedBeforeFlags()
    {
        for (var i = 0; i < 100; i++)
        {
            _thrift.OnLevel(_sequence, 70, voice: false);
            _thrift.Decodes(_sequence++, 60, voice: true); // noise that the encoder takes for voice
        }

        _thrift.TakeLeftOut();
        for (var i = 0; i < 20; i++)
        {
            _thrift.OnLevel(_sequence, 70, voice: false);
            _thrift.Decodes(_sequence++, 60, voice: i % 2 == 0);
        }

        Assert.That(_thrift.TakeLeftOut(), Is.EqualTo(15));
        for (var i = 0; i < DecodeThrift.Onset; i++)
        {
            _thrift.OnLevel(_sequence, 30, voice: true);
            Assert.That(_thrift.Decodes(_sequence++, 60, voice: true), Is.True);
        }
    }

    [Test]
    public void LevelsWithoutFlags_TellByLoudness()
    {
        for (var i = 0; i < 50; i++)
        {
            _thrift.OnLevel(_sequence, 70, voice: false);
            _thrift.Decodes(_sequence++, 60, voice: null);
        }

        for (var i = 0; i < DecodeThrift.Onset; i++)
        {
            _thrift.OnLevel(_sequence, 25, voice: false);
            Assert.That(_thrift.Decodes(_sequence++, 60, voice: null), Is.True);
        }
    }

    private bool[] Decoded(int packets, Func<int, int> bytes, Func<int, bool?> voice) =>
        [.. Enumerable.Range(0, packets).Select(i => _thrift.Decodes(_sequence++, bytes(i), voice(i)))];
}

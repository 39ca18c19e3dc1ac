using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>What is asked of a room within one tick, in whatever order.</summary>
public sealed class LostRoomTests
{
    private MediaWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new MediaWorld();

    [TearDown]
    public void TearDown() => _world.Dispose();

    // A hold that is taken back while the phone is on its way: the room of the hold is closed when it gets there.
    [Test]
    public void RoomThatClosesBeforeALegGetsThere_CostsNothing_WhenItIsToComeBack()
    {
        var phone = _world.AddPhone();
        phone.IsSpeaking = true;
        var hold = _world.Engine.CreateRoom("hold");
        hold.Close();
        _world.Run(0.1);
        var midway = new Midway(() => phone.Leg.MoveTo(_world.Room));
        _world.Room.Add(midway);
        _world.Run(0.1);
        phone.Leg.MoveTo(hold);
        midway.IsOn = true;
        _world.Run(1);
        Assert.That(phone.Told, Is.EqualTo(new[] { $"latched {phone.Address}" }));
        Assert.That(_world.Room.MemberCount, Is.EqualTo(2));
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(60).Within(2));
    }

    [Test]
    public void RoomThatClosesBeforeALegGetsThere_EndsIt_WhenThereIsNoOther()
    {
        var phone = _world.AddPhone();
        var hold = _world.Engine.CreateRoom("hold");
        hold.Close();
        _world.Run(0.1);
        phone.Leg.MoveTo(hold);
        _world.Run(0.1);
        Assert.That(phone.Told, Is.EqualTo(new[] { "failed" }));
    }

    [Test]
    public void EndpointThatGoesAndComesWithAnotherRate_IsGivenFramesOfThat([Values] bool changes)
    {
        var endpoint = new Rated { SampleRate = 8000 };
        var tone = new ToneEndpoint(440);
        _world.Room.Add(endpoint);
        _world.Room.Add(tone);
        _world.Run(0.5);
        _world.Room.Remove(endpoint);
        endpoint.SampleRate = changes ? 48_000 : 8000;
        _world.Room.Add(endpoint);
        _world.Run(0.5);
        Assert.That(endpoint.Length, Is.EqualTo(endpoint.SampleRate / 50));
        Assert.That(_world.Room.MemberCount, Is.EqualTo(2));
    }

    [Test]
    public void EndpointThatIsAddedAgainWithAnotherRate_IsReadOnceATick()
    {
        var endpoint = new Rated { SampleRate = 8000 };
        _world.Room.Add(endpoint);
        _world.Run(0.2);
        endpoint.SampleRate = 16_000;
        _world.Room.Add(endpoint);
        _world.Run(0.04);
        var before = endpoint.Reads;
        _world.Run(0.2);
        Assert.That(endpoint.Reads - before, Is.EqualTo(10));
        Assert.That(_world.Room.MemberCount, Is.EqualTo(1));
    }

    /// <summary>A codec of the host that throws where encoders are made.</summary>
    [Test]
    public void LegWhoseCodecThrows_KeepsNoPorts_AndSaysWhereItIs()
    {
        var codec = new FaultyCodec();
        for (var i = 0; i < 3; i++)
            _world.AddPhone();
        var used = _world.Engine.PortPairsInUse;
        var phone = new TestPhone(_world, System.Net.IPAddress.Parse("10.0.9.9"));
        codec.CreatesBeforeFault = 2; // the decoder and the encoder of the leg; then the one for all
        Assert.That(
            () => phone.Leg.Start(phone.Parameters with { SendFormat = new RtpFormat(8, codec), ReceiveFormats = [new RtpFormat(8, codec)] }, _world.Room),
            Throws.InvalidOperationException);
        phone.Leg.Close();
        _world.Run(0.1);
        Assert.That(_world.Engine.PortPairsInUse, Is.EqualTo(used));
        Assert.That(_world.Engine.Metrics.Legs, Is.EqualTo(used));
        phone.Dispose();

        codec.CreatesBeforeFault = null;
        var small = _world.Engine.CreateRoom("small");
        var mover = _world.AddPhone(
            p => p with { SendFormat = new RtpFormat(8, codec), ReceiveFormats = [new RtpFormat(8, codec)] }, room: small);
        codec.Fault = Fault.Create;
        Assert.That(() => mover.Leg.MoveTo(_world.Room), Throws.InvalidOperationException);
        codec.Fault = 0;
        _world.Run(0.2);
        Assert.That(small.MemberCount, Is.EqualTo(1), "it stays where it is");
        Assert.That(mover.Leg.MoveTo(_world.Room), Is.True);
        _world.Run(0.2);
        Assert.That((small.MemberCount, _world.Room.MemberCount), Is.EqualTo((0, 4)));
    }

    private sealed class Midway(Action action) : IPcmEndpoint
    {
        public bool IsOn { get; set; }

        public int SampleRate => 8000;

        public bool Read(Span<short> frame)
        {
            if (IsOn)
                action();
            IsOn = false;
            return false;
        }

        public void Write(ReadOnlySpan<short> frame)
        {
            // It does not listen.
        }
    }

    private sealed class Rated : IPcmEndpoint
    {
        public int SampleRate { get; set; }

        public int Length { get; private set; }

        public int Reads { get; private set; }

        public bool Read(Span<short> frame)
        {
            Reads++;
            return false;
        }

        public void Write(ReadOnlySpan<short> frame) => Length = frame.Length;
    }
}

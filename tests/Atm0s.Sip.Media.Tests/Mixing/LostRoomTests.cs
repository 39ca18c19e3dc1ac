using Atm0s.Sip.Media.Mixing;
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

        public bool Read(Span<short> frame) => false;

        public void Write(ReadOnlySpan<short> frame) => Length = frame.Length;
    }
}

using Atm0s.Sip.Media.Jitter;

namespace Atm0s.Sip.Media.Tests.Jitter;

public sealed class DelayEstimatorTests
{
    private readonly DelayEstimator _estimator = new(400);
    private double _now;
    private int _packet;

    [SetUp]
    public void SetUp()
    {
        _estimator.Clear();
        (_now, _packet) = (0, 0);
    }

    [Test]
    public void LatePacket_RaisesAtOnce_AndIsForgottenAfterHalfAMinute()
    {
        Feed(100, _ => 5);
        Assert.That(_estimator.Latest, Is.EqualTo(5).Within(0.5));

        Feed(1, _ => 85);
        Assert.That(_estimator.Latest, Is.EqualTo(85).Within(0.5));

        Feed(50 * 20, _ => 5);
        Assert.That(_estimator.Latest, Is.InRange(70, 85), "after 20 s");
        Feed(50 * 13, _ => 5);
        Assert.That(_estimator.Latest, Is.EqualTo(5).Within(0.5));
    }

    [Test]
    public void OneLatePacketAmongMany_IsAnAccident_TwoAreTheNetwork()
    {
        Feed(50 * 40, _ => 5);

        Feed(1, _ => 85);
        Feed(50, _ => 5);
        Assert.That(_estimator.Latest, Is.EqualTo(5).Within(0.5));

        Feed(1, _ => 85);
        Assert.That(_estimator.Latest, Is.EqualTo(85).Within(1));
    }

    [Test]
    public void StallTooLongToBeWaitedFor_IsNotWaitedFor()
    {
        Feed(500, _ => 5);

        // 50 packets come together after a second.
        for (var i = 0; i < 50; i++)
            _estimator.OnArrival(_packet++ * 20, TimeSpan.FromMilliseconds(_now + 1000));
        _now += 1000;
        _estimator.OnTick(TimeSpan.FromMilliseconds(_now + 5), 0);
        Feed(10, _ => 5);

        Assert.That(_estimator.Latest, Is.LessThan(10));
    }

    [Test]
    public void PathThatIsLongerForGood_IsLearntWithinSeconds()
    {
        Feed(500, _ => 5);

        Feed(250, _ => 905);

        Assert.That(_estimator.Latest, Is.EqualTo(905).Within(1));
        Assert.That(_estimator.Earliest, Is.EqualTo(905).Within(1));
    }

    [TestCase(+0.3), TestCase(-0.3)]
    public void Drift_IsFollowed(double millisecondsPerSecond)
    {
        Feed(50 * 120, i => 100 + (millisecondsPerSecond * i / 50));

        var transit = 100 + (millisecondsPerSecond * 120);
        Assert.That(_estimator.Latest, Is.EqualTo(transit).Within(1));
        Assert.That(_estimator.Earliest, Is.EqualTo(transit).Within(2));
    }

    [Test]
    public void PacketThatCameWithTheTick_MayHaveComeBeforeIt()
    {
        for (var i = 0; i < 10; i++)
        {
            var tick = TimeSpan.FromMilliseconds((i * 20) + 20);
            _estimator.OnArrival((i * 20) + 10, tick);
            _estimator.OnArrival(i * 20, tick);
            _estimator.OnTick(tick, 10);
        }

        Assert.That(_estimator.Latest, Is.EqualTo(7.5).Within(0.1), "the older of two packets of 10 ms came 10 ms before the newer");
        Assert.That(_estimator.Earliest, Is.EqualTo(7.5).Within(0.1));
    }

    private void Feed(int packets, Func<int, double> transit)
    {
        for (var i = 0; i < packets; i++, _packet++, _now += 20)
        {
            _estimator.OnArrival(_packet * 20, TimeSpan.FromMilliseconds((_packet * 20) + transit(_packet)));
            _estimator.OnTick(TimeSpan.FromMilliseconds(_now + 1000.5), 0);
        }
    }
}

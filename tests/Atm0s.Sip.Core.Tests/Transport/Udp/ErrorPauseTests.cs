using Atm0s.Sip.Core.Transport.Udp;

namespace Atm0s.Sip.Core.Tests.Transport.Udp;

public sealed class ErrorPauseTests
{
    [Test]
    public void Next_DoublesUpToASecond()
    {
        var pause = new ErrorPause();
        double[] waits = [.. Enumerable.Range(0, 14).Select(_ => pause.Next().TotalMilliseconds)];

        Assert.That(waits, Is.EqualTo(new double[] { 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000, 1000 }));
        for (var i = 0; i < 100; i++)
            Assert.That(pause.Next(), Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Reset_BeginsAnew()
    {
        var pause = new ErrorPause();
        for (var i = 0; i < 10; i++)
            pause.Next();
        pause.Reset();

        Assert.That((pause.Next(), pause.Next()), Is.EqualTo((TimeSpan.Zero, TimeSpan.FromMilliseconds(1))));
    }
}

using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Native;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Clock;

public sealed class ThreadPrioritiesTests
{
    // A server that was started with a higher priority would otherwise have its media threads below all others.
    [TestCase(-15, -15), TestCase(0, -10)]
    public void Raise_NeverLowers(int before, int after)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("setpriority(2) is of Linux");
        var allowed = false;
        var found = 0;
        var thread = new Thread(() =>
        {
            allowed = LibC.SetPriority(0, 0, before) == 0 && LibC.SetPriority(0, 0, -15) == 0 && LibC.SetPriority(0, 0, before) == 0;
            ThreadPriorities.Raise(NullLogger.Instance);
            found = LibC.GetPriority(0, 0);
        });
        thread.Start();
        thread.Join();
        if (!allowed)
            Assert.Ignore("needs CAP_SYS_NICE");
        Assert.That(found, Is.EqualTo(after));
    }
}

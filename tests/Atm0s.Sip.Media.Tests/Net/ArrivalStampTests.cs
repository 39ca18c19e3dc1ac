using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Native;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Tests.Net;

public sealed class ArrivalStampTests
{
    [TestCase(0.25, 0.25)]
    [TestCase(-5, 0, Description = "the clock was set back")]
    [TestCase(3600, 1, Description = "the clock was set on")]
    public void Age_IsWithinASecond_WhateverBecomesOfTheClock(double seconds, double told)
    {
        if (!LibC.IsUsable)
            Assert.Ignore("Linux only.");
        var control = Control(1, 35, LibC.Read(LibC.RealTime) - TimeSpan.FromSeconds(seconds));
        Assert.That(ArrivalStamp.AgeOf(control).TotalSeconds, Is.EqualTo(told).Within(0.2));
    }

    [TestCase(1, 29)]
    [TestCase(0, 35)]
    public void AnotherControlMessage_TellsNothing(int level, int type) =>
        Assert.That(ArrivalStamp.AgeOf(Control(level, type, TimeSpan.FromSeconds(1))), Is.EqualTo(TimeSpan.Zero));

    [Test]
    public void ControlMessageThatIsCut_TellsNothing([Range(0, ArrivalStamp.ControlLength - 1)] int length) =>
        Assert.That(ArrivalStamp.AgeOf(Control(1, 35, TimeSpan.FromSeconds(1)).AsSpan(0, length)), Is.EqualTo(TimeSpan.Zero));

    private static byte[] Control(int level, int type, TimeSpan stamp)
    {
        var control = new byte[ArrivalStamp.ControlLength];
        MemoryMarshal.Write(control.AsSpan(), (nuint)control.Length);
        MemoryMarshal.Write(control.AsSpan(8), level);
        MemoryMarshal.Write(control.AsSpan(12), type);
        MemoryMarshal.Write(control.AsSpan(16), new TimeSpec(stamp));
        return control;
    }
}

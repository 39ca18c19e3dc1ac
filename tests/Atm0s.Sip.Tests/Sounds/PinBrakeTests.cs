using Atm0s.Sip.Sounds;

namespace Atm0s.Sip.Tests.Sounds;

/// <summary>Guessing of PINs, call by call.</summary>
public sealed class PinBrakeTests
{
    private readonly DateTimeOffset _start = DateTimeOffset.UnixEpoch;

    [Test]
    public void TenWrongOnes_EndIt_UntilTheirTimeIsOver()
    {
        var brake = new PinBrake();
        for (var i = 0; i < PinBrake.MaxWrong; i++)
        {
            Assert.That(brake.MayTry("a", _start), Is.True);
            brake.OnWrong("a", _start);
        }

        Assert.That(brake.MayTry("a", _start + PinBrake.Window - TimeSpan.FromSeconds(1)), Is.False);
        Assert.That(brake.MayTry("b", _start), Is.True, "nobody else's matter");
        Assert.That(brake.MayTry("a", _start + PinBrake.Window), Is.True);
        brake.OnWrong("a", _start + PinBrake.Window);
        Assert.That(brake.MayTry("a", _start + PinBrake.Window), Is.True);
    }

    [Test]
    public void CallersWithoutEnd_ShareOneCount_AndAreForgottenInTime()
    {
        var brake = new PinBrake();
        for (var i = 0; i < PinBrake.MaxCallers + PinBrake.MaxWrong; i++)
            brake.OnWrong($"forged {i}", _start);
        Assert.That(brake.MayTry("another", _start), Is.False);
        Assert.That(brake.MayTry("another", _start + PinBrake.Window), Is.True);
    }
}

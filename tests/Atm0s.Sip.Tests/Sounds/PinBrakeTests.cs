using System.Net;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Sounds;

namespace Atm0s.Sip.Tests.Sounds;

/// <summary>Guessing of PINs, call by call.</summary>
public sealed class PinBrakeTests
{
    private static readonly PinOptions Options = new() { FindRoom = (_, _, _) => ValueTask.FromResult<string?>(null) };

    private readonly DateTimeOffset _start = DateTimeOffset.UnixEpoch;

    [Test]
    public void WrongOnesOfAUser_EndIt_UntilTheirTimeIsOver()
    {
        var brake = new PinBrake(Options);
        for (var i = 0; i < Options.MaxWrongPerCaller; i++)
            Assert.That(brake.TryBegin(User("a"), _start), Is.True);

        Assert.That(brake.TryBegin(User("a"), _start + Options.WrongWindow - TimeSpan.FromSeconds(1)), Is.False);
        Assert.That(brake.MayTry(User("a"), _start), Is.False);
        Assert.That(brake.MayTry(User("b"), _start), Is.True, "nobody else's matter");
        Assert.That(brake.TryBegin(User("a"), _start + Options.WrongWindow), Is.True);
        Assert.That(brake.TryBegin(User("a"), _start + Options.WrongWindow), Is.True);
    }

    [Test]
    public void RightOnes_DoNotCount()
    {
        var brake = new PinBrake(Options);
        for (var i = 0; i < 100; i++)
        {
            Assert.That(brake.TryBegin(User("a"), _start), Is.True);
            brake.TakeBack(User("a"), _start);
        }
    }

    [TestCase("192.0.2.1", "192.0.2.1", false), TestCase("192.0.2.1", "192.0.2.2", true)]
    [TestCase("::ffff:192.0.2.1", "192.0.2.1", false)]
    [TestCase("2001:db8::1", "2001:db8::ffff:1", false), TestCase("2001:db8::1", "2001:db8:0:1::1", true)]
    public void Strangers_AreCountedByAddress_WhateverNumbersTheySay(string address, string other, bool otherMay)
    {
        var brake = new PinBrake(Options);
        for (var i = 0; i < Options.MaxWrongPerSource; i++)
            Assert.That(brake.TryBegin(Stranger($"forged {i}", address), _start), Is.True);
        Assert.That(brake.MayTry(Stranger("another", address), _start), Is.False);
        Assert.That(brake.MayTry(Stranger("another", other), _start), Is.EqualTo(otherMay));
        Assert.That(brake.MayTry(User("alice") with { Source = Stranger("", address).Source }, _start), Is.True, "who has a password");
    }

    [Test]
    public void NumbersOverATrunk_AreToldApart_UpToTheLimitOfAll()
    {
        var brake = new PinBrake(Options);
        for (var i = 0; i < Options.MaxWrongPerCaller; i++)
            Assert.That(brake.TryBegin(OverTrunk("100"), _start), Is.True);
        Assert.That(brake.MayTry(OverTrunk("100"), _start), Is.False);
        for (var i = Options.MaxWrongPerCaller; i < Options.MaxWrongPerTrunk; i++)
            Assert.That(brake.TryBegin(OverTrunk($"1{i}"), _start), Is.True);
        Assert.That(brake.MayTry(OverTrunk("200"), _start), Is.False, "made up, all of them");
        Assert.That(brake.MayTry(OverTrunk("200") with { Trunk = "other" }, _start), Is.True);
    }

    [Test]
    public void StrangersWithoutEnd_ShareOneCount_AreForgottenInTime_AndAreNobodyElsesMatter()
    {
        var brake = new PinBrake(Options);
        for (var i = 0; i < WrongPins.MaxNames + Options.MaxWrongPerSource; i++)
            Assert.That(brake.TryBegin(Stranger("x", $"10.0.{i / 256}.{i % 256}"), _start), Is.True);
        Assert.That(brake.MayTry(Stranger("x", "192.0.2.1"), _start), Is.False);
        Assert.That(brake.MayTry(User("alice"), _start), Is.True);
        Assert.That(brake.MayTry(OverTrunk("100"), _start), Is.True);
        Assert.That(brake.MayTry(Stranger("x", "192.0.2.1"), _start + Options.WrongWindow), Is.True);
    }

    [Test]
    public void NumbersOutOfRange_AreRefused()
    {
        Refuses(options => options.Tries = 0);
        Refuses(options => options.MaxWrongPerCaller = 0);
        Refuses(options => options.MaxWrongPerSource = 1001);
        Refuses(options => options.MaxWrongPerTrunk = 0);
        Refuses(options => options.WrongWindow = TimeSpan.Zero);

        static void Refuses(Action<PinOptions> change)
        {
            var options = new PinOptions { FindRoom = Options.FindRoom };
            change(options);
            Assert.That(() => new PinInviteHandler(options), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    private static InviteRequest User(string name) =>
        Stranger(name, "192.0.2.1") with { Username = name, Authentication = CallerAuthentication.Digest };

    private static InviteRequest OverTrunk(string number) =>
        Stranger(number, "192.0.2.1") with { Trunk = "carrier", Authentication = CallerAuthentication.Address };

    private static InviteRequest Stranger(string from, string address) => new()
    {
        CallId = "1", SipCallId = "1", From = from, To = "700", FromUri = "", ToUri = "", RequestUri = "", OfferedCodecs = [], Headers = [],
        Source = new IPEndPoint(IPAddress.Parse(address), 5060),
    };
}

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>docs/how-to/ring-phones.md.</summary>
public sealed class RingPhonesTests
{
    [Test]
    public async Task AllPhonesOfAUserRing_AndTheFirstThatAnswersHasTheCall()
    {
        await using var sample = await SampleProgram.StartAsync("RingPhones");
        await using var net = new Loopback();
        Voice alice = new(440), desk = new(660), mobile = new(880);
        await net.RegisteredAsync(sample.Uri, "bob", desk, answer: PhoneAnswer.Busy);
        await net.RegisteredAsync(sample.Uri, "bob", mobile);

        var call = await (await net.RegisteredAsync(sample.Uri, "alice", alice)).CallAsync("bob");

        Assert.That((await call.Answered).IsAnswered, Is.True);
        await Loopback.UntilAsync(() => alice.Hears(mobile) && mobile.Hears(alice), "alice and bob's mobile hear each other");
        await call.HangUpAsync();
        await Loopback.UntilAsync(() => sample.Server.Calls.Count == 0, "bob's phone is hung up too");
    }

    [Test]
    public async Task AGroup_RingsOneAfterTheOther()
    {
        await using var sample = await SampleProgram.StartAsync("RingPhones");
        await using var net = new Loopback();
        Voice bob = new(440), carol = new(880);
        await net.RegisteredAsync(sample.Uri, "alice", new Voice(660), answer: PhoneAnswer.Busy);
        await net.RegisteredAsync(sample.Uri, "bob", bob);

        var call = await (await net.RegisteredAsync(sample.Uri, "carol", carol)).CallAsync("600");

        Assert.That((await call.Answered).IsAnswered, Is.True);
        await Loopback.UntilAsync(() => carol.Hears(bob) && bob.Hears(carol), "carol and bob hear each other");
    }

    [Test]
    public async Task NobodyRegistered_IsSaidAtOnce()
    {
        await using var sample = await SampleProgram.StartAsync("RingPhones");
        await using var net = new Loopback();
        var call = await (await net.PhoneAsync(sample.Uri, "alice", new Voice(440))).CallAsync("bob");
        Assert.That((await call.Ended).StatusCode, Is.EqualTo(480));
    }

    [Test]
    public async Task EveryPhoneBusy_IsBusyForTheCaller()
    {
        await using var sample = await SampleProgram.StartAsync("RingPhones");
        await using var net = new Loopback();
        await net.RegisteredAsync(sample.Uri, "bob", new Voice(440), answer: PhoneAnswer.Busy);
        var call = await (await net.PhoneAsync(sample.Uri, "alice", new Voice(440))).CallAsync("bob");
        Assert.That((await call.Ended).StatusCode, Is.EqualTo(486));
    }
}

using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>docs/how-to/pin-room.md.</summary>
public sealed class PinRoomTests
{
    [Test]
    public async Task TheRightPin_LeadsToTheRoom()
    {
        await using var sample = await SampleProgram.StartAsync("PinRoom");
        await using var net = new Loopback();
        Voice low = new(440), high = new(880);
        var first = await CallAsync(await net.PhoneAsync(sample.Uri, "1001", low));
        var second = await CallAsync(await net.PhoneAsync(sample.Uri, "1002", high));

        await first.SendDtmfAsync("271828#");
        await second.SendDtmfAsync("12#271828#");

        await Loopback.UntilAsync(() => sample.Server.Rooms.Any(r => r is { Id: "board", Members: 2 }), "both in the room");
        await Loopback.UntilAsync(() => low.Hears(high) && high.Hears(low), "both hear each other");
    }

    [Test]
    public async Task ThreeWrongPins_EndTheCall()
    {
        await using var sample = await SampleProgram.StartAsync("PinRoom");
        await using var net = new Loopback();
        var call = await CallAsync(await net.PhoneAsync(sample.Uri, "1001", new Voice(440)));
        await call.SendDtmfAsync("1#2#3#");
        Assert.That((await call.Ended.WaitAsync(TimeSpan.FromSeconds(20))).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    [Test]
    public async Task NoPinInTime_EndsTheCall()
    {
        await using var sample = await SampleProgram.StartAsync("PinRoom", "--seconds", "0.5");
        await using var net = new Loopback();
        var call = await CallAsync(await net.PhoneAsync(sample.Uri, "1001", new Voice(440)));
        Assert.That((await call.Ended.WaitAsync(TimeSpan.FromSeconds(20))).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    [Test]
    public async Task AnotherNumber_IsNotFound()
    {
        await using var sample = await SampleProgram.StartAsync("PinRoom");
        await using var net = new Loopback();
        var phone = await net.PhoneAsync(sample.Uri, "1001", new Voice(440));
        Assert.That((await (await phone.CallAsync("701")).Ended).StatusCode, Is.EqualTo(404));
    }

    private static async Task<ISipCall> CallAsync(SipPhone phone)
    {
        var call = await phone.CallAsync("700");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        return call;
    }
}

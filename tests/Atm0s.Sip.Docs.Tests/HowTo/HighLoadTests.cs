namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>docs/how-to/high-load.md.</summary>
public sealed class HighLoadTests
{
    [Test]
    public async Task PhonesRegister_AndTalkInARoom()
    {
        await using var sample = await SampleProgram.StartAsync("HighLoad");
        await using var net = new Loopback();
        Voice first = new(440), second = new(880);
        var one = await net.RegisteredAsync(sample.Uri, "1000", first, "secret-1000");
        var other = await net.RegisteredAsync(sample.Uri, "9999", second, "secret-9999");
        Assert.That((await (await net.PhoneAsync(sample.Uri, "10000", new Voice(660), "secret-10000")).RegisterAsync()).IsRegistered, Is.False);

        await one.CallAsync("lobby");
        await other.CallAsync("lobby");
        await Loopback.UntilAsync(() => first.Hears(second) && second.Hears(first), "both hear each other");
    }
}

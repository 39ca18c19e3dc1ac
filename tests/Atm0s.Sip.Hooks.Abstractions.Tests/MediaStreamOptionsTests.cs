namespace Atm0s.Sip.Hooks.Tests;

/// <summary>What a host may say of a media stream.</summary>
public sealed class MediaStreamOptionsTests
{
    [TestCase("ws://192.0.2.1/media", false, false)]
    [TestCase("ws://bot.example.com/media", false, false)]
    [TestCase("ws://192.0.2.1/media", true, true)]
    [TestCase("wss://192.0.2.1/media", false, true)]
    [TestCase("ws://127.0.0.1:9000/media", false, true)]
    [TestCase("ws://localhost/media", false, true)]
    public void StreamOfADecision_GoesInTheClearOnlyWhereItMay(string url, bool allowsPlainText, bool isTaken)
    {
        var options = new MediaStreamOptions { Url = new Uri(url), AllowPlainText = allowsPlainText };
        Assert.That(() => new ParticipantOptions { Stream = options }, isTaken ? Throws.Nothing : Throws.ArgumentException);
        Assert.That(
            () => new ParticipantOptions { Id = "bot" } with { Stream = options }, isTaken ? Throws.Nothing : Throws.ArgumentException);
    }

    [Test]
    public void Header_WithoutAValue_IsRefused() =>
        Assert.That(
            () => new MediaStreamOptions
            {
                Url = new Uri("wss://bot.example.com/"), Headers = new Dictionary<string, string> { ["Authorization"] = null! },
            },
            Throws.ArgumentException);
}

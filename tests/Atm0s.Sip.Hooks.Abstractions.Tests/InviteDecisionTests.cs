namespace Atm0s.Sip.Hooks.Tests;

/// <summary>What can't be carried out can't be decided.</summary>
public sealed class InviteDecisionTests
{
    [TestCase(399)]
    [TestCase(700)]
    public void Reject_OfNoFailureCode_IsRefused(int status) =>
        Assert.That(
            () => InviteDecision.Reject(status), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("400 to 699"));

    // A phrase of 70,000 characters makes a response that no datagram holds: the caller would never be answered.
    [TestCase("a\r\nX-Evil: 1")]
    [TestCase("a\u007f")]
    [TestCase(null)]
    public void ReasonPhrase_ThatCannotBeSent_IsRefused(string? phrase)
    {
        phrase ??= new string('a', 257);
        Assert.That(() => InviteDecision.Reject(486, phrase), Throws.ArgumentException.With.Message.Contains("at most 256"));
        Assert.That(() => TransferDecision.Refuse(603, phrase), Throws.ArgumentException.With.Message.Contains("at most 256"));
        Assert.That(() => MessageDecision.Refuse(415, phrase), Throws.ArgumentException.With.Message.Contains("at most 256"));
    }

    [TestCase("1001@192.0.2.7")]
    [TestCase("sip:1001@192.0.2.7\r\nX-Evil: 1")]
    [TestCase("sip:1001@192.0.2.7>")]
    [TestCase("tel:1001")]
    [TestCase("")]
    public void Redirect_ToNoSipUri_IsRefused(string contact) =>
        Assert.That(() => InviteDecision.Redirect(contact), Throws.ArgumentException.With.Message.Contains("sip:1001@192.0.2.7"));

    [Test]
    public void Redirect_ToNobody_IsRefused() => Assert.That(() => InviteDecision.Redirect(), Throws.ArgumentException);

    [Test]
    public void RoomNames_HaveALength()
    {
        Assert.That(() => InviteDecision.JoinRoom(""), Throws.ArgumentException);
        Assert.That(() => InviteDecision.WaitForOthers(new string('r', 257)), Throws.ArgumentException);
        Assert.That(() => InviteDecision.WaitForOthers("r", TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase("Via")]
    [TestCase("v")]
    [TestCase("content-length")]
    [TestCase("Contact")]
    [TestCase("X-A:")]
    [TestCase("X A")]
    [TestCase("")]
    public void Header_ThatIsNotTheHosts_IsRefused(string name) =>
        Assert.That(() => new ParticipantOptions { Headers = [new(name, "1")] }, Throws.ArgumentException);

    [TestCase("a\r\nVia: evil")]
    [TestCase("a\u007f")]
    public void HeaderValue_WithControlCharacters_IsRefused(string value) =>
        Assert.That(() => new ParticipantOptions { Headers = [new("X-A", value)] }, Throws.ArgumentException);

    [Test]
    public void Participant_HasLimits()
    {
        Assert.That(() => new ParticipantOptions { Id = "" }, Throws.ArgumentException);
        Assert.That(() => new ParticipantOptions { Id = "a\nb" }, Throws.ArgumentException);
        Assert.That(() => new ParticipantOptions { Codecs = [] }, Throws.ArgumentException);
        Assert.That(() => new ParticipantOptions { Attributes = Enumerable.Range(0, 65).ToDictionary(i => $"{i}", i => "x") },
            Throws.ArgumentException);
        Assert.That(new ParticipantOptions { Headers = [new("X-A", "1")], Id = "p", Codecs = ["PCMA"] }.Headers, Has.Count.EqualTo(1));
    }
}

namespace Atm0s.Sip.Tests.Hosting;

/// <summary>What handlers say of how often they are made is what SipServerBuilder does.</summary>
public sealed class HandlerCommentTests
{
    [Test]
    public void NoHandler_PromisesAScopeForEachQuestion()
    {
        var files = Directory.GetFiles(Path.Combine(ReadmeTests.Root(), "src", "Atm0s.Sip.Hooks.Abstractions"), "I*.cs")
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Text: File.ReadAllText(file))).ToList();
        Assert.That(files.Where(file => file.Text.Contains("scope", StringComparison.OrdinalIgnoreCase)).Select(file => file.Name), Is.Empty);
        Assert.That(
            files.Where(file => file.Text.Contains("is made once", StringComparison.Ordinal)).Select(file => file.Name),
            Is.SupersetOf(new[] { "IAuthProvider", "IInviteHandler", "IMessageHandler", "IRoomProvider", "ITransferHandler" }));
    }
}

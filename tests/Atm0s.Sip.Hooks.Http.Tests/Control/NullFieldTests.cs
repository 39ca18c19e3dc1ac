using System.Text.Json;
using Atm0s.Sip.Control.Messages;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>A JSON null where a text is expected.</summary>
public sealed class NullFieldTests
{
    [Test]
    public void StopKeys_AreNone() => Assert.That(
        JsonSerializer.Deserialize("""{"file":"a.wav","stop_keys":null}""", ControlJson.Default.PlayRequest)!.ToOptions().StopKeys, Is.Empty);

    [Test]
    public void Terminator_IsNone() => Assert.That(
        JsonSerializer.Deserialize("""{"terminator":null}""", ControlJson.Default.GatherRequest)!.ToOptions(null, null).Terminator, Is.Null);

    [Test]
    public void HeaderOfAStream_IsRefused() => Assert.That(
        () => JsonSerializer.Deserialize(
            """{"url":"wss://bot.example.com/","headers":{"A":null}}""", ControlJson.Default.InviteHookStream)!.ToOptions(),
        Throws.ArgumentException);
}

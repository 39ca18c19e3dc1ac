using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages;

/// <summary>Escapes of user parts and quoted strings.</summary>
public class SipEscapesTests
{
    [TestCase("plain", "plain")]
    [TestCase("%41b", "Ab")]
    [TestCase("%2541", "%41")]
    [TestCase("%", "%")]
    [TestCase("a%4", "a%4")]
    [TestCase("%4g%zz", "%4g%zz")]
    [TestCase("%d1%8F", "\u044f")]
    [TestCase("%00", "\0")]
    public void Escapes_are_decoded_once(string escaped, string text) =>
        Assert.That(SipEscapes.Unescape(Views.Bytes(escaped)), Is.EqualTo(text));

    [Test]
    public void Any_user_survives_escaping()
    {
        var random = new Random(4475);
        for (var i = 0; i < 2000; i++)
        {
            var user = string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => (char)random.Next(0, 0x500)));
            var escaped = SipEscapes.EscapeUser(user);
            Assert.That(SipEscapes.Unescape(Views.Bytes(escaped)), Is.EqualTo(user));
            Assert.That(SipUri.TryParse($"sip:{escaped}@h", out var uri) && uri.User == user, Is.True, escaped);
        }
    }

    [Test]
    public void Quoted_text_is_one_display_name()
    {
        var random = new Random(3261);
        const string Alphabet = "a\"\\<>;, \u044f@:";
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            var view = Views.Name(Views.Bytes(SipEscapes.Quote(text) + " <sip:a@h>;tag=1"));
            var name = System.Text.RegularExpressions.Regex.Replace(Views.Text(view.DisplayName), @"\\(.)", "$1");
            Assert.That((name, Views.Text(view.Uri), Views.Text(view.Tag)), Is.EqualTo((text, "sip:a@h", "1")));
        }
    }

    [TestCase("a\r\nb")]
    [TestCase("a\0")]
    [TestCase("\u007f")]
    public void Control_character_cannot_be_quoted(string text) =>
        Assert.Throws<ArgumentException>(() => SipEscapes.Quote(text));
}

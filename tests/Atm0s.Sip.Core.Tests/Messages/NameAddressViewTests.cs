using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages;

/// <summary>name-addr and addr-spec with parameters.</summary>
public class NameAddressViewTests
{
    [TestCase("sip:a@h", "", "sip:a@h", "")]
    [TestCase("sip:a@h;tag=1", "", "sip:a@h", "1")]
    [TestCase("<sip:a@h;tag=2>;tag=1", "", "sip:a@h;tag=2", "1")]
    [TestCase("Bob<sip:a@h> ; tag = 1", "Bob", "sip:a@h", "1")]
    [TestCase("Bob  B. <sip:a@h>", "Bob  B.", "sip:a@h", "")]
    [TestCase("\"A <sip:x@y>;tag=9\" <sip:a@h>;TAG=1", "A <sip:x@y>;tag=9", "sip:a@h", "1")]
    [TestCase("\"q\\\"\\\\\" <sip:a@h>", "q\\\"\\\\", "sip:a@h", "")]
    [TestCase("\"\" <sip:a@h>", "", "sip:a@h", "")]
    [TestCase("<tel:+1-201-555-0123>", "", "tel:+1-201-555-0123", "")]
    [TestCase("<sip:a@h?Route=%3Csip:x%3E>;x=\"a;tag=2\";tag=1", "", "sip:a@h?Route=%3Csip:x%3E", "1")]
    [TestCase("\u0412\u0430\u0441\u044f <sip:a@h>", "\u0412\u0430\u0441\u044f", "sip:a@h", "")]
    public void Parts_are_told_apart(string text, string display, string uri, string tag)
    {
        var view = Views.Name(Views.Bytes(text));
        Assert.That((Views.Text(view.DisplayName), Views.Text(view.Uri), Views.Text(view.Tag)), Is.EqualTo((display, uri, tag)));
    }

    [TestCase("")]
    [TestCase("  ")]
    [TestCase("<>")]
    [TestCase("<sip:>")]
    [TestCase("sip:a@h?x=y")]
    [TestCase("a@h")]
    [TestCase("<sip:a@h")]
    [TestCase("sip:a@h>")]
    [TestCase("< sip:a@h>")]
    [TestCase("<sip:a@h >")]
    [TestCase("<<sip:a@h>>")]
    [TestCase("\"Bob <sip:a@h>")]
    [TestCase("\"Bob\" sip:a@h")]
    [TestCase("\"Bob\\\" <sip:a@h>")]
    [TestCase("<sip:a@h>tag=1")]
    [TestCase("<sip:a@h>;tag=")]
    [TestCase("<sip:a@h>;=1")]
    [TestCase("<sip:a@h>;;tag=1")]
    [TestCase("<sip:a@h>;x=\"1")]
    [TestCase("<sip:a@h>;x=\"1\"2")]
    public void What_is_none_is_refused(string text) =>
        Assert.That(NameAddressView.TryParse(Views.Bytes(text), out _), Is.False);

    [Test]
    public void Flag_has_an_empty_value()
    {
        var view = Views.Name("<sip:a@h>;lr;q=0.5"u8);
        Assert.That(view.TryGetParameter("LR"u8, out var lr) && lr.IsEmpty, Is.True);
        Assert.That(view.TryGetParameter("q"u8, out var q) && q.SequenceEqual("0.5"u8), Is.True);
        Assert.That(view.TryGetParameter("r"u8, out _), Is.False);
    }
}

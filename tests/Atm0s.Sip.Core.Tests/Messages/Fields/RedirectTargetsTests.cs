using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Tests.Parsing;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Messages.Fields;

[TestFixture]
[Property("rfc", "3261-8.1.3.4")]
internal sealed class RedirectTargetsTests
{
    [TestCase("Contact: <sip:a@h>;q=0.2, <sip:b@h>;q=0.9\nContact: <sip:c@h>", "sip:c@h 1000|sip:b@h 900|sip:a@h 200")]
    [TestCase("Contact: <sip:a@h>;q=0.5, <sip:b@h>;q=0.5", "sip:a@h 500|sip:b@h 500")]
    [TestCase("Contact: <sip:a@h;method=INVITE;transport=tcp?Subject=x>", "sip:a@h;transport=tcp 1000")]
    [TestCase("Contact: <sip:a@h>, <sip:A%61@h>, <sip:a@H:5060>, <sip:%61@h>", "sip:a@h 1000|sip:A%61@h 1000|sip:a@H:5060 1000")]
    [TestCase("Contact: <mailto:a@h>, <tel:+1>, <sips:a@h>", "tel:+1 1000|sips:a@h 1000")]
    [TestCase("Contact: <sip:a@h>;q=7", "sip:a@h 1000")]
    [TestCase("Contact: *", "")]
    [TestCase("Subject: none", "")]
    public void Targets_BestFirstEachOnce(string headers, string expected)
    {
        using var response = Msg.Response(302, extra: headers);

        Assert.That(string.Join('|', RedirectTargets.Read(response).Select(t => $"{t.Uri} {t.Quality}")), Is.EqualTo(expected));
    }

    [Test]
    public void Headers_AreKeptApart()
    {
        using var response = Msg.Response(302, extra: "Contact: <sip:a@h?Subject=foo>");

        Assert.That(Views.Text(RedirectTargets.Read(response)[0].Headers), Is.EqualTo("Subject=foo"));
    }

    [Test]
    public void Targets_NoMoreThanMax()
    {
        using var response = Msg.Response(
            300, extra: "Contact: " + string.Join(", ", Enumerable.Range(0, 100).Select(i => $"<sip:u{i}@h>")));

        Assert.That(RedirectTargets.Read(response), Has.Count.EqualTo(RedirectTargets.Max));
    }

    [TestCase("0", 0)]
    [TestCase("1", 1000)]
    [TestCase("0.", 0)]
    [TestCase("0.5", 500)]
    [TestCase("0.123", 123)]
    [TestCase("1.000", 1000)]
    [TestCase("1.001", -1)]
    [TestCase("0.1234", -1)]
    [TestCase("2", -1)]
    [TestCase(".5", -1)]
    [TestCase("", -1)]
    [Property("rfc", "3261-25.1")]
    public void Quality_Read(string value, int expected) =>
        Assert.That(RedirectTargets.TryReadQuality(Views.Bytes(value), out var q) ? q : -1, Is.EqualTo(expected));
}

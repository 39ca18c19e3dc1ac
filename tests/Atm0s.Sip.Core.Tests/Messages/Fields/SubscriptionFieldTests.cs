using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages.Fields;

[TestFixture]
[Property("rfc", "6665-8.2")]
internal sealed class SubscriptionFieldTests
{
    [TestCase("refer", "refer/")]
    [TestCase("refer;id=93809823", "refer/93809823")]
    [TestCase("presence.winfo ; foo ; ID=a", "presence.winfo/a")]
    [TestCase("", null)]
    [TestCase("a b", null)]
    public void Event_Read(string value, string? expected)
    {
        using var message = Parsed.Request("o: " + value);

        Assert.That(
            EventView.TryRead(message, out var field) ? $"{Views.Text(field.Package)}/{Views.Text(field.Id)}" : null, Is.EqualTo(expected));
    }

    [Test]
    public void Event_Written() =>
        Assert.That((EventView.Format("refer"), EventView.Format("refer", "12")), Is.EqualTo(("refer", "refer;id=12")));

    [TestCase("active;expires=60", SubscriptionStatus.Active, 60u, null, "")]
    [TestCase("Pending", SubscriptionStatus.Pending, null, null, "")]
    [TestCase("terminated;reason=probation;retry-after=30", SubscriptionStatus.Terminated, null, 30u, "probation")]
    [TestCase("terminated ; reason = noresource", SubscriptionStatus.Terminated, null, null, "noresource")]
    [TestCase("waiting;expires=x", SubscriptionStatus.Other, null, null, "")]
    public void State_Read(string value, SubscriptionStatus status, uint? expires, uint? retryAfter, string reason)
    {
        using var message = Parsed.Request("Subscription-State: " + value);

        Assert.That(SubscriptionStateView.TryRead(message, out var field), Is.True);
        Assert.That(
            (field.Status, field.Expires, field.RetryAfter, Views.Text(field.Reason)),
            Is.EqualTo((status, expires, retryAfter, reason)));
    }

    [Test]
    public void State_Written() =>
        Assert.That(
            new[]
            {
                SubscriptionStateView.FormatAlive(60), SubscriptionStateView.FormatAlive(60, isPending: true),
                SubscriptionStateView.FormatTerminated("noresource"), SubscriptionStateView.FormatTerminated("probation", 30),
            },
            Is.EqualTo(new[]
            {
                "active;expires=60", "pending;expires=60", "terminated;reason=noresource", "terminated;reason=probation;retry-after=30",
            }));

    [TestCase("SIP/2.0 100 Trying\r\n", 100, "Trying")]
    [TestCase("SIP/2.0 200 OK", 200, "OK")]
    [TestCase("sip/2.0 603 Declined\r\nWarning: 399 x \"y\"\r\n", 603, "Declined")]
    [TestCase("SIP/2.0 503\n", 503, "")]
    [TestCase("SIP/2.0 503 ", 503, "")]
    [Property("rfc", "3420-2")]
    public void Fragment_StatusRead(string body, int status, string phrase)
    {
        Assert.That(SipFragment.TryReadStatus(Views.Bytes(body), out var code, out var text), Is.True);
        Assert.That((code, Views.Text(text)), Is.EqualTo((status, phrase)));
    }

    [TestCase("")]
    [TestCase("SIP/2.0 20")]
    [TestCase("SIP/2.0 99  x")]
    [TestCase("SIP/2.0 700 x")]
    [TestCase("SIP/2.0 2000 x")]
    [TestCase("SIP/1.0 200 OK")]
    [TestCase("INVITE sip:a@b SIP/2.0\r\n")]
    [TestCase("\r\nSIP/2.0 200 OK")]
    public void Fragment_WithoutStatus(string body) =>
        Assert.That(SipFragment.TryReadStatus(Views.Bytes(body), out _, out _), Is.False);

    [Test]
    [Property("rfc", "3515-2.4.5")]
    public void Fragment_Written()
    {
        Assert.That(Views.Text(SipFragment.Format(180)), Is.EqualTo("SIP/2.0 180 Ringing\r\n"));
        Assert.That(Views.Text(SipFragment.Format(486, "Not now")), Is.EqualTo("SIP/2.0 486 Not now\r\n"));
        Assert.That(() => SipFragment.Format(486, "a\r\nb"), Throws.ArgumentException);
    }

    [TestCase("message/sipfrag", true)]
    [TestCase("Message/SipFrag ; version=2.0", true)]
    [TestCase("message/sip", false)]
    [TestCase("", false)]
    public void Fragment_Type(string value, bool expected) =>
        Assert.That(SipFragment.IsFragment(Views.Bytes(value)), Is.EqualTo(expected));
}

using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages;

/// <summary>SIP URIs, read and made.</summary>
public class SipUriTests
{
    [TestCase("sip:alice@atlanta.com", SipUriScheme.Sip, "alice", "atlanta.com", 0, null)]
    [TestCase("sip:alice:secretword@atlanta.com;transport=TCP", SipUriScheme.Sip, "alice", "atlanta.com", 0, "tcp")]
    [TestCase("sips:alice@atlanta.com?subject=project%20x&priority=urgent", SipUriScheme.Sips, "alice", "atlanta.com", 0, null)]
    [TestCase("sip:+1-212-555-1212:1234@gateway.com;user=phone", SipUriScheme.Sip, "+1-212-555-1212", "gateway.com", 0, null)]
    [TestCase("sips:1212@gateway.com", SipUriScheme.Sips, "1212", "gateway.com", 0, null)]
    [TestCase("sip:alice@192.0.2.4", SipUriScheme.Sip, "alice", "192.0.2.4", 0, null)]
    [TestCase("sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com", SipUriScheme.Sip, null, "atlanta.com", 0, null)]
    [TestCase("sip:alice;day=tuesday@atlanta.com", SipUriScheme.Sip, "alice;day=tuesday", "atlanta.com", 0, null)]
    [TestCase("SIP:al%69ce%40x@[2001:db8::1]:5070;TRANSPORT=udp", SipUriScheme.Sip, "alice@x", "2001:db8::1", 5070, "udp")]
    public void Parts_of_the_examples_of_19_1_3_are_told_apart(
        string text, SipUriScheme scheme, string? user, string host, int port, string? transport)
    {
        var uri = SipUri.Parse(text);
        Assert.That((uri.Scheme, uri.User, uri.Host, uri.Port, uri.Transport), Is.EqualTo((scheme, user, host, port, transport)));
        Assert.That(uri.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("sip:")]
    [TestCase("sip:@host")]
    [TestCase("sip:a@")]
    [TestCase("sip:a@h:")]
    [TestCase("sip:a@h:x")]
    [TestCase("sip:a@h:65536")]
    [TestCase("sip:a@h:99999999999999999999")]
    [TestCase("sip:a@2001:db8::1")]
    [TestCase("sip:a@[2001:db8::1")]
    [TestCase("sip:a@[]")]
    [TestCase("sip:a b@h")]
    [TestCase("sip:a@h\r\nX: y")]
    [TestCase("<sip:a@h>")]
    [TestCase("1sip:a@h")]
    [TestCase("tel:+123")]
    [TestCase("alice@host")]
    public void What_is_no_SIP_URI_is_refused(string text)
    {
        Assert.That(SipUri.TryParse(text, out _), Is.False);
        Assert.Throws<FormatException>(() => SipUri.Parse(text));
    }

    [TestCase("alice", "sip:alice@h")]
    [TestCase("a@b c", "sip:a%40b%20c@h")]
    [TestCase("100%", "sip:100%25@h")]
    [TestCase("\r\nVia: x", "sip:%0D%0AVia%3A%20x@h")]
    [TestCase("\u044f", "sip:%D1%8F@h")]
    [TestCase(null, "sip:h")]
    public void User_is_escaped_and_comes_back(string? user, string text)
    {
        var uri = SipUri.Create(user, "h");
        Assert.That((uri.ToString(), uri.User), Is.EqualTo((text, user)));
    }

    [TestCase("2001:db8::1", 5062, "sip:[2001:db8::1]:5062")]
    [TestCase("[2001:db8::1]", 0, "sip:[2001:db8::1]")]
    [TestCase("example.com", 65535, "sip:example.com:65535")]
    public void Host_is_put_in_brackets_when_it_must(string host, int port, string text) =>
        Assert.That(SipUri.Create(null, host, port).ToString(), Is.EqualTo(text));

    [Test]
    public void Host_brings_no_user() =>
        Assert.That(() => SipUri.Create(null, "a@h"), Throws.ArgumentException);

    [TestCase("h\r\nX: y")]
    [TestCase("h;lr")]
    [TestCase("h?x=y")]
    [TestCase("h:5060;x")]
    [TestCase("")]
    public void What_is_no_host_makes_no_URI(string host) =>
        Assert.That(() => (SipUri.Create("a", host), SipUri.Create(null, host)), Throws.ArgumentException);
}

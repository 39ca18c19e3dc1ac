using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>What others send and take although the grammar does not have it: taken where nothing else can be meant.</summary>
[TestFixture]
public class LeniencyTests
{
    [TestCase("Bob (Sales) <sip:alice@test.local>;tag=1", "a@b")]
    [TestCase("Müller, Hans <sip:alice@test.local>;tag=1", "a@b")]
    [TestCase("+49/30/123 <sip:alice@test.local>;tag=1", "a@b")]
    [TestCase("bob@home <sip:alice@test.local>;tag=1", "a@b")]
    [TestCase("[Bob] & Co = x <sip:alice@test.local>;tag=1", "a@b")]
    [TestCase("<sip:alice@test.local>;tag=1", "a=b&c$d@host")]
    [TestCase("<sip:alice@test.local>;tag=1", "Zm9vYmFy==@host")]
    [TestCase("<sip:alice@test.local>;tag=1", "{1},2@host")]
    [TestCase("<sip:alice@test.local>;tag=1", "a;b|c^d#e")]
    public void Request_IsTaken(string from, string callId)
    {
        using var message = Parsed.Ok(Encoding.UTF8.GetBytes(Request(from, callId, "")));
        Assert.That(Encoding.UTF8.GetString(message.From.Uri), Is.EqualTo("sip:alice@test.local"));
        Assert.That(Encoding.UTF8.GetString(message.FromTag), Is.EqualTo("1"));
        Assert.That(Encoding.UTF8.GetString(message.CallId), Is.EqualTo(callId));
    }

    [TestCase("Bob\" <sip:alice@test.local>;tag=1", "a")]
    [TestCase("a;b <sip:alice@test.local>;tag=1", "a")]
    [TestCase("<sip:alice@test.local>, <sip:bob@test.local>;tag=1", "a")]
    [TestCase("sip:alice@test.local, Bob <sip:bob@test.local>;tag=1", "a")]
    [TestCase("<sip:alice@test.local>;tag=1", "a b")]
    [TestCase("<sip:alice@test.local>;tag=1", "ä")]
    [TestCase("<sip:alice@test.local>;tag=1", "")]
    public void WhatCouldMeanSomethingElse_IsNotTaken(string from, string callId)
    {
        SipParser.TryParse(Encoding.UTF8.GetBytes(Request(from, callId, "")), SipLimits.Default, false, out var message, out var refusal);
        message?.Dispose();
        Assert.That(refusal, Is.Not.EqualTo(SipRefusal.None));
    }

    [TestCase("Müller, Hans <sip:a@x>, <sip:b@x>", "sip:a@x sip:b@x")]
    [TestCase("<sip:a@x>, Müller, Hans <sip:b@x>, \"C, D\" <sip:c@x>", "sip:a@x sip:b@x sip:c@x")]
    [TestCase("sip:a@x, Bob, Jr <sip:b@x>", "sip:a@x sip:b@x")]
    [TestCase("sip:a@x;+sip.instance=\"<urn:uuid:1>\";expires=3", "sip:a@x")]
    public void Contacts_AreToldApart(string contacts, string uris)
    {
        using var message = Parsed.Ok(Encoding.UTF8.GetBytes(Request("<sip:alice@test.local>;tag=1", "a", $"Contact: {contacts}\r\n")));
        List<string> found = [];
        foreach (var value in message.GetValues(SipHeaderId.Contact))
        {
            Assert.That(NameAddressView.TryParse(value, out var address), Is.True);
            found.Add(Encoding.UTF8.GetString(address.Uri));
        }

        Assert.That(string.Join(' ', found), Is.EqualTo(uris));
    }

    [TestCase("Contact: <sip:bob@10.0.0.2>;expires=")]
    [TestCase("Contact: \"Bob\" sip:bob@10.0.0.2")]
    [TestCase("Contact: Bob, Jr <sip:bob@10.0.0.2>")]
    [TestCase("Contact: <sip:bob@10.0.0.2>;=;;")]
    [TestCase("Contact: <sip:bob@10.0.0.2")]
    [TestCase("Contact: 17")]
    [TestCase("Expires: never")]
    [TestCase("Min-Expires: -1")]
    [TestCase("Max-Forwards: 700")]
    [TestCase("Retry-After: soon")]
    [TestCase("Warning: ???")]
    public void ResponseWithABadLesserField_IsTaken(string header)
    {
        var text = $"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@b>;tag=2\r\n"
            + $"Call-ID: c\r\nCSeq: 1 INVITE\r\n{header}\r\nContent-Length: 0\r\n\r\n";
        using var message = Parsed.Ok(Encoding.UTF8.GetBytes(text));
        Assert.That(message.StatusCode, Is.EqualTo(200));
    }

    [TestCase("Contact: <sip:bob@10.0.0.2>;expires=")]
    [TestCase("Contact: 17")]
    [TestCase("Max-Forwards: 700")]
    public void RequestWithABadLesserField_Is400(string header)
    {
        var text = Request("<sip:alice@test.local>;tag=1", "a", header + "\r\n").Replace(
            header.StartsWith("Max", StringComparison.Ordinal) ? "Max-Forwards: 70\r\n" : "\0", "", StringComparison.Ordinal);
        SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, false, out var message, out var refusal);
        message!.Dispose();
        Assert.That(refusal.ToStatusCode(), Is.EqualTo(400));
    }

    // RFC 3261 §8.2: what is malformed and not needed is ignored.
    [TestCase("Expires: Thu, 01 Dec 1994 16:00:00 GMT")]
    [TestCase("Expires: never")]
    [TestCase("Min-Expires: -1")]
    public void RequestWithAnExpiresThatNobodyReads_IsTaken(string header)
    {
        using var message = Parsed.Ok(Encoding.UTF8.GetBytes(Request("<sip:alice@test.local>;tag=1", "a", header + "\r\n")));
        Assert.That(message.IsRequest, Is.True);
    }

    // RFC 3261 §7.1.
    [TestCase("sip/2.0 200 OK", 200)]
    [TestCase("Sip/2.0 486 Busy", 486)]
    public void VersionOfAStatusLine_IsReadWithoutCase(string line, int status)
    {
        var text = $"{line}\r\nVia: SIP/2.0/UDP 10.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@b>;tag=2\r\n"
            + "Call-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";
        using var message = Parsed.Ok(Encoding.UTF8.GetBytes(text));
        Assert.That(message.StatusCode, Is.EqualTo(status));
    }

    [TestCase("sip/2.0", SipRefusal.None)]
    [TestCase("sip/3.0", SipRefusal.BadVersion)]
    public void VersionOfARequestLine_IsReadWithoutCase(string version, SipRefusal expected)
    {
        var text = Request("<sip:alice@test.local>;tag=1", "a", "").Replace("SIP/2.0\r\n", version + "\r\n", StringComparison.Ordinal);
        SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, false, out var message, out var refusal);
        message!.Dispose();
        Assert.That(refusal, Is.EqualTo(expected));
    }

    private static string Request(string from, string callId, string headers) =>
        $"OPTIONS sip:x@test.local SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.2.1;branch=z9hG4bK1\r\nFrom: {from}\r\nTo: <sip:x@test.local>\r\n"
        + $"Call-ID: {callId}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n{headers}Content-Length: 0\r\n\r\n";
}

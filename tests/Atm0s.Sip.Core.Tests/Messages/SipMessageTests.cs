using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Messages;

/// <summary>Life of a message: clones, the pool, the hash.</summary>
public class SipMessageTests
{
    [Test]
    public void Clone_outlives_the_message_and_its_buffer()
    {
        var original = Parsed.Ok(TestData.Read("messages", "invite.sip"));
        original.RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 5060);
        var expected = Describe(original);
        using var clone = original.Clone();
        original.Dispose();
        // The pool hands the same buffers out again.
        var others = Enumerable.Range(0, 64).Select(_ => Parsed.Request("Subject: " + new string('x', 1500))).ToList();
        Assert.That(Describe(clone), Is.EqualTo(expected));
        Assert.That(clone.RemoteEndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, 5060)));
        others.ForEach(m => m.Dispose());
    }

    [Test]
    public void Clone_of_a_large_message_is_whole()
    {
        using var original = Parsed.Request([.. Enumerable.Range(0, 200).Select(i => $"X-{i}: {i}")]);
        using var clone = original.Clone();
        Assert.That(Describe(clone), Is.EqualTo(Describe(original)));
        Assert.That(clone.TryGetHeader("X-199"u8, out var last) && last.SequenceEqual("199"u8), Is.True);
    }

    [Test]
    public void Disposing_twice_does_not_give_one_message_to_two()
    {
        var message = Parsed.Request();
        message.Dispose();
        message.Dispose();
        var held = Enumerable.Range(0, 1100).Select(i => Parsed.Request($"Call-ID: {i}")).ToList();
        Assert.That(held.Distinct().Count(), Is.EqualTo(held.Count));
        Assert.That(held.Select(m => Views.Text(m.CallId)), Is.EqualTo(Enumerable.Range(0, 1100).Select(i => $"{i}")));
        held.ForEach(m => m.Dispose());
    }

    [Test]
    public void Reused_message_keeps_nothing_of_the_one_before()
    {
        for (var i = 0; i < 50; i++)
        {
            using (Parsed.Ok(TestData.Read("messages", "invite.sip")))
            {
            }

            using var next = Parsed.Ok(TestData.Read("rfc4475", "noreason.dat"));
            Assert.That((next.IsResponse, next.Body.Length, next.RequestUri.Length, next.StatusCode), Is.EqualTo((true, 0, 0, 100)));
        }
    }

    [Test]
    public void Call_ID_hash_is_the_same_for_the_same_Call_ID()
    {
        using var one = Parsed.Request("Call-ID: abc");
        using var two = Parsed.Request("Call-ID :   abc");
        using var other = Parsed.Request("Call-ID: abd");
        Assert.That(one.CallIdHash, Is.EqualTo(two.CallIdHash).And.GreaterThanOrEqualTo(0));
        Assert.That(one.CallIdHash, Is.Not.EqualTo(other.CallIdHash));
    }

    [TestCase("INVITE", SipMethod.Invite)]
    [TestCase("invite", SipMethod.Other)]
    [TestCase("INVITES", SipMethod.Other)]
    public void Method_is_compared_with_case(string token, SipMethod method) =>
        Assert.That(SipMethods.Parse(Views.Bytes(token)), Is.EqualTo(method));

    [Test]
    public void Every_known_method_is_found_by_its_token()
    {
        foreach (var method in Enum.GetValues<SipMethod>().Where(m => m != SipMethod.Other))
            Assert.That(SipMethods.Parse(method.ToToken()), Is.EqualTo(method));
    }

    private static string Describe(SipMessage m) => string.Join(
        '|',
        m.IsRequest, m.Method, Views.Text(m.MethodToken), Views.Text(m.RequestUri), m.StatusCode, Views.Text(m.CallId), m.CSeqNumber,
            m.CSeqMethod,
        Views.Text(m.CSeqMethodToken), Views.Text(m.From.Uri), Views.Text(m.To.Uri), Views.Text(m.FromTag), Views.Text(m.ToTag),
            Views.Text(m.TopVia.Host),
        Views.Text(m.TopViaBranch), m.HeaderCount, Views.Text(m.Body), Views.Text(m.Raw), m.Refusal);
}

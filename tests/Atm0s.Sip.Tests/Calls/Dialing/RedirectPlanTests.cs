using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Core.Messages.Fields;

namespace Atm0s.Sip.Tests.Calls.Dialing;

/// <summary>How far a call may be sent on (RFC 3261 §8.1.3.4).</summary>
public sealed class RedirectPlanTests
{
    [TestCase(300, true)]
    [TestCase(302, true)]
    [TestCase(399, true, Description = "RFC 3261 §8.1.3.2: an unknown 3xx is a 300")]
    [TestCase(305, false)]
    [TestCase(380, false)]
    [TestCase(200, false)]
    [TestCase(486, false)]
    public void OnlySomeCodes_NameAnotherTarget(int status, bool expected) =>
        Assert.That(RedirectPlan.IsRedirect(status), Is.EqualTo(expected));

    [Test]
    public void NoContact_IsFollowedTwice_HoweverItIsWritten()
    {
        var plan = new RedirectPlan(5);
        plan.OnRung("sip:bob@10.0.2.2");
        var followed = plan.Follow(Contacts("sip:bob@10.0.2.2", "sip:carol@10.0.2.3"));
        Assert.That(followed.Select(t => t.Uri), Is.EqualTo(new[] { "sip:carol@10.0.2.3" }));
        Assert.That(plan.Follow(Contacts("SIP:carol@10.0.2.3")), Is.Empty);
    }

    [Test]
    public void Redirections_AreCounted()
    {
        var plan = new RedirectPlan(2);
        Assert.That(plan.Follow(Contacts("sip:1@10.0.2.2")), Has.Count.EqualTo(1));
        Assert.That(plan.Follow(Contacts("sip:2@10.0.2.2")), Has.Count.EqualTo(1));
        Assert.That(plan.Follow(Contacts("sip:3@10.0.2.2")), Is.Empty);
        Assert.That(new RedirectPlan(0).Follow(Contacts("sip:1@10.0.2.2")), Is.Empty);
    }

    [Test]
    public void Targets_AreCounted_AndRungOnce()
    {
        var plan = new RedirectPlan(5);
        for (var i = 0; i < RedirectPlan.MaxTargets; i++)
            Assert.That(plan.TryAdd($"sip:{i}@10.0.2.2"), Is.True);
        Assert.That(plan.TryAdd("sip:more@10.0.2.2"), Is.False);
        Assert.That(plan.Follow(Contacts("sip:more@10.0.2.2")), Is.Empty);

        var other = new RedirectPlan(5);
        Assert.That(other.TryAdd("sip:bob@10.0.2.2"), Is.True);
        Assert.That(other.TryAdd("sip:bob@10.0.2.2"), Is.False);
    }

    private static List<RedirectTarget> Contacts(params string[] uris) => [.. uris.Select(uri => new RedirectTarget(uri, 1000, []))];
}

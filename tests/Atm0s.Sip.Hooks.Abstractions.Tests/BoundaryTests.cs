using System.Reflection;

namespace Atm0s.Sip.Hooks.Tests;

/// <summary>The package stands alone, and its answers are closed.</summary>
public sealed class BoundaryTests
{
    [Test]
    public void AHost_NeedsNothingElse()
    {
        var referenced = typeof(BoundaryTests).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(n => n.StartsWith("Atm0s", StringComparison.Ordinal));
        Assert.That(referenced, Is.EqualTo(new[] { "Atm0s.Sip.Hooks.Abstractions" }));
        Assert.That(new WholeHost(), Is.InstanceOf<IInviteHandler>());
    }

    [TestCase(typeof(AuthDecision))]
    [TestCase(typeof(InviteDecision))]
    [TestCase(typeof(CallEvent))]
    public void NobodyElse_CanAddACase(Type closed)
    {
        Assert.That(closed.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(c => c.GetParameters().Length == 0), Has.All.Property("IsPrivate").True);
        var cases = closed.Assembly.GetTypes().Where(t => t.BaseType == closed).ToArray();
        Assert.That(cases, Has.Length.GreaterThan(1));
        Assert.That(cases, Has.All.Property("IsSealed").True.And.Property("DeclaringType").EqualTo(closed));
    }

    [Test]
    public void Questions_AreSealedRecords_OfPlainTypes()
    {
        foreach (
            var type in new[] { typeof(AuthRequest), typeof(InviteRequest), typeof(RegistrationInfo), typeof(CallInfo),
            typeof(CallQuality), typeof(ParticipantOptions) })
        {
            Assert.That(type.IsSealed, Is.True, type.Name);
            foreach (var property in type.GetProperties().Where(p => p.SetMethod is not null))
                Assert.That(property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Select(m => m.Name),
                    Does.Contain("IsExternalInit"), $"{type.Name}.{property.Name} is set once");
        }
    }

    [Test]
    public void Secrets_AreNotPrinted()
    {
        Assert.That($"{AuthDecision.WithHa1(new string('a', 32))}", Does.Not.Contain("aaaa"));
        var call = new CallInfo { CallId = "c1", SipCallId = "s1", Direction = CallDirection.Incoming, From = "1", To = "2" };
        Assert.That($"{new CallEvent.DtmfReceived { Call = call, Timestamp = default, Digit = '7', Duration = TimeSpan.Zero }}",
            Does.Not.Contain("7"));
    }
}

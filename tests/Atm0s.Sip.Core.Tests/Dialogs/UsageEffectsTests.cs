using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "5057-5.1")]
internal sealed class UsageEffectsTests
{
    [TestCase(SipMethod.Invite, 481, UsageEffect.EndsUsage)]
    [TestCase(SipMethod.Update, 408, UsageEffect.EndsUsage)]
    [TestCase(SipMethod.Info, 480, UsageEffect.EndsUsage)]
    [TestCase(SipMethod.Prack, 481, UsageEffect.None)]
    [TestCase(SipMethod.Prack, 408, UsageEffect.EndsUsage)]
    [TestCase(SipMethod.Invite, 404, UsageEffect.EndsDialog)]
    [TestCase(SipMethod.Notify, 410, UsageEffect.EndsDialog)]
    [TestCase(SipMethod.Invite, 482, UsageEffect.EndsDialog)]
    [TestCase(SipMethod.Info, 483, UsageEffect.EndsDialog)]
    [TestCase(SipMethod.Invite, 502, UsageEffect.EndsDialog)]
    [TestCase(SipMethod.Invite, 604, UsageEffect.EndsDialog)]
    [TestCase(SipMethod.Invite, 405, UsageEffect.EndsUsage)]
    [TestCase(SipMethod.Update, 405, UsageEffect.None)]
    [TestCase(SipMethod.Refer, 501, UsageEffect.None)]
    [TestCase(SipMethod.Notify, 501, UsageEffect.EndsUsage)]
    [TestCase(SipMethod.Notify, 489, UsageEffect.EndsUsage)]
    [TestCase(SipMethod.Invite, 489, UsageEffect.None)]
    [TestCase(SipMethod.Invite, 200, UsageEffect.None)]
    [TestCase(SipMethod.Invite, 401, UsageEffect.None)]
    [TestCase(SipMethod.Invite, 422, UsageEffect.None)]
    [TestCase(SipMethod.Invite, 488, UsageEffect.None)]
    [TestCase(SipMethod.Invite, 491, UsageEffect.None)]
    [TestCase(SipMethod.Invite, 500, UsageEffect.None)]
    [TestCase(SipMethod.Invite, 503, UsageEffect.None)]
    [TestCase(SipMethod.Invite, 603, UsageEffect.None)]
    [Property("rfc", "3261-12.2.1.2")]
    public void Response_EndsWhatTheTableSays(SipMethod method, int status, UsageEffect effect) =>
        Assert.That(UsageEffects.Of(method, status), Is.EqualTo(effect));
}

using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls;

namespace Atm0s.Sip.Tests.Calls.Dialing;

/// <summary>What a caller hears of the failure of the called side.</summary>
public sealed class CallerStatusTests
{
    [TestCase(486)]
    [TestCase(480)]
    [TestCase(404)]
    [TestCase(408)]
    [TestCase(410)]
    [TestCase(488)]
    [TestCase(500)]
    [TestCase(600)]
    [TestCase(603)]
    public void WhatIsAboutTheCalledPerson_GoesOn(int status) => Assert.That(CallerStatus.Of(status), Is.EqualTo(status));

    [Test]
    public void WhatNeedsAFieldThatItWouldLack_IsMadeSomethingElse(
        [Values(401, 407, 405, 413, 415, 416, 420, 421, 422, 423, 428, 429, 433, 439, 469, 478, 481, 482, 483, 487, 489, 491, 493, 494)]
        int status) =>
        Assert.That(CallerStatus.Of(status), Is.EqualTo(480));

    [TestCase(0, 480)]
    [TestCase(302, 480)]
    [TestCase(501, 500)]
    [TestCase(580, 500)]
    [TestCase(699, 603)]
    public void OtherCodes_AreMadeThoseOfTheirClass(int status, int expected) => Assert.That(CallerStatus.Of(status), Is.EqualTo(expected));
}

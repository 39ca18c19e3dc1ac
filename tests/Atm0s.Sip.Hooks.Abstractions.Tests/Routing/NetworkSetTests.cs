using System.Net;
using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Hooks.Tests.Routing;

public sealed class NetworkSetTests
{
    [TestCase("192.0.2.7", ExpectedResult = true)]
    [TestCase("192.0.2.8", ExpectedResult = false)]
    [TestCase("10.255.0.1", ExpectedResult = true)]
    [TestCase("::ffff:10.1.1.1", ExpectedResult = true)]
    [TestCase("11.0.0.1", ExpectedResult = false)]
    [TestCase("2001:db8::5", ExpectedResult = true)]
    [TestCase("2001:db9::5", ExpectedResult = false)]
    public bool Contains(string address) => new NetworkSet("192.0.2.7", "10.0.0.0/8", "2001:db8::/32").Contains(IPAddress.Parse(address));

    [TestCase("office")]
    [TestCase("10.0.0.0/33")]
    [TestCase("10.0.0.0/-1")]
    [TestCase("")]
    public void WhatIsNoNetwork_IsRefused(string network) =>
        Assert.That(() => new NetworkSet(network), Throws.ArgumentException.With.Message.Contains("192.0.2.0/24"));
}

using System.Text.RegularExpressions;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>Programs that look for servers with weak passwords hear nothing, and a program that reads the log learns of them.</summary>
[SingleThreaded]
public sealed class ScannerTests
{
    private LogLines _log = null!;
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _log = new LogLines();

    [TearDown]
    public async Task TearDown()
    {
        await _all.DisposeAsync();
        _log.Dispose();
    }

    [TestCase("friendly-scanner")]
    [TestCase("Friendly-Scanner")]
    [TestCase("sipcli/v1.8")]
    [TestCase("VaxSIPUserAgent/3.1")]
    [TestCase("sundayddr")]
    public void Scanner_HearsNothing_AndNothingElseIsDropped(string agent)
    {
        _all = new SignallingWorld(log: _log);
        foreach (var method in new[] { "OPTIONS", "REGISTER", "INVITE" })
            _all.Stranger.Send(_all.Stranger.Request(method, "100", "s" + method, extra: $"User-Agent: {agent}\r\n"));
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_all.Stranger.Received, Is.Empty);
        Assert.That(_log.Of(2035).Count(), Is.EqualTo(3));
        // The name may be forged, and its source too.
        _all.Stranger.Send(_all.Stranger.Request("OPTIONS", "100", "good"));
        _all.Stranger.WaitForResponse("OPTIONS", 200);
    }

    [Test]
    public void NameOfAPhoneThatHoldsThatOfAScanner_IsNone()
    {
        _all = new SignallingWorld();
        _all.Stranger.Send(_all.Stranger.Request("OPTIONS", "100", "c", extra: "User-Agent: Acme (no sipcli)\r\n"));
        _all.Stranger.WaitForResponse("OPTIONS", 200);
    }

    [Test]
    public void ListThatIsCleared_DropsNobody()
    {
        _all = new SignallingWorld(options => options.Defence.DroppedUserAgents.Clear());
        _all.Stranger.Send(_all.Stranger.Request("OPTIONS", "100", "c", extra: "User-Agent: friendly-scanner\r\n"));
        _all.Stranger.WaitForResponse("OPTIONS", 200);
    }

    [Test]
    public void PhoneThatIsKnown_IsNotDropped_WhateverItCallsItself()
    {
        _all = new SignallingWorld();
        _all.Alice.Register();
        _all.Alice.Send(_all.Alice.Request("OPTIONS", "100", "c", extra: "User-Agent: friendly-scanner\r\n"));
        _all.Alice.WaitForResponse("OPTIONS", 200);
    }

    [Test]
    public void FloodOfScans_DoesNotFillTheLog()
    {
        _all = new SignallingWorld(log: _log);
        for (var i = 0; i < 2000; i++)
            _all.Stranger.Send(_all.Stranger.Request("OPTIONS", "100", "s" + i, extra: "User-Agent: sipvicious\r\n"));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(_log.Of(2035).Count(), Is.EqualTo(10));
    }

    [TestCase("10.66.6.8", SipTransportProtocol.Tcp, true)]
    [TestCase("10.66.6.8", SipTransportProtocol.Udp, false, Description = "its source may be forged: nobody is locked out for it")]
    public void Line_IsReadByTheFilterOfThePage(string host, SipTransportProtocol protocol, bool isFound)
    {
        _all = new SignallingWorld(options => options.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint), _log);
        var scanner = new ScriptedPhone(_all.World, "s", host, protocol: protocol);
        scanner.Send(scanner.Request("REGISTER", "100", "s1", extra: "User-Agent: sipcli \" from 9.9.9.9 over tcp: \r\n"));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        AssertThatFilterFinds(_log.Of(2035).Single(), isFound ? host : null);
    }

    [Test]
    public void LineOfAWrongPassword_IsReadByTheFilterOfThePage()
    {
        _all = new SignallingWorld(log: _log);
        _all.Alice.Register(password: "guess");
        AssertThatFilterFinds(_log.Of(2033).Single(), "10.0.2.1");
    }

    // As the filters of docs/limits.md say it, with fail2ban's word for an address.
    private static void AssertThatFilterFinds(string line, string? host)
    {
        var page = File.ReadAllText(Path.Combine(ReadmeTests.Root(), "docs", "limits.md"));
        var block = page[page.IndexOf("failregex =", StringComparison.Ordinal)..];
        block = block[..block.IndexOf("```", StringComparison.Ordinal)];
        var filters = block.Replace("failregex =", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.TrimEntries)
            .Where(f => f.Length > 0).Select(f => f.Replace("<HOST>", @"(?<host>[0-9a-fA-F.:]+)", StringComparison.Ordinal)).ToList();
        Assert.That(filters, Has.Count.EqualTo(3));
        var found = filters.SelectMany(f => Regex.Matches(line, f)).Select(m => m.Groups["host"].Value).Distinct().ToList();
        Assert.That(found, Is.EqualTo(host is null ? [] : new[] { host }), line);
    }
}

using System.Net;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Defence;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Authentication;

/// <summary>Who guesses one user's password from many addresses gets nowhere, and the user goes on.</summary>
[SingleThreaded]
public sealed class UserLockTests
{
    private static readonly SourceKey Here = SourceKey.Of(IPAddress.Loopback);

    private readonly TimeSpan _window = TimeSpan.FromMinutes(10);
    private LogLines _log = null!;
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp()
    {
        _log = new LogLines();
        _all = new SignallingWorld(log: _log);
    }

    [TearDown]
    public async Task TearDown()
    {
        await _all.DisposeAsync();
        _log.Dispose();
    }

    [Test]
    public void FiftyAddresses_HaveTenGuessesInTenMinutes_AndTheLivePhoneGoesOn()
    {
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200));
        var before = _all.Host.Asked.Count;
        var answers = Guess(50, "alice", "10.66.1.");
        Assert.That(_all.Host.Asked, Has.Count.EqualTo(before + 10));
        Assert.That(answers.Count(a => a.Status == 503 && a["Retry-After"].Length > 0), Is.EqualTo(40));
        Assert.That(_log.Of(2037), Is.EqualTo(
            new[] { "Warning Too many wrong passwords for \"alice\": from where it is not known no more are looked at within 00:10:00" }));

        Assert.That(_all.Alice.Register(callId: "again").Status, Is.EqualTo(200));
        _all.Answered();
        var (bob, asked) = (new ScriptedPhone(_all.World, "bob", "10.66.1.1"), _all.Host.Asked.Count);
        Assert.That(bob.Register().Status, Is.EqualTo(200), "others, even there");
        Assert.That(_all.Host.Asked, Has.Count.EqualTo(asked + 1));
        _all.World.Advance(TimeSpan.FromMinutes(11));
        Assert.That(new ScriptedPhone(_all.World, "alice", "10.66.9.9").Register().Status, Is.EqualTo(200));
    }

    [Test]
    public void OneAddress_HasTenGuesses_AndLocksOutNobodyElse()
    {
        var mallory = new ScriptedPhone(_all.World, "alice", "10.66.6.9");
        for (var i = 0; i < 30; i++)
            mallory.Register(password: "guess" + i, callId: "g" + i);
        Assert.That(_all.Host.Asked, Has.Count.EqualTo(10));
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200), "she has not been here before");
    }

    [Test]
    public void NameThatNobodyHas_IsLockedAlike()
    {
        var known = Guess(15, "alice", "10.66.1.").Select(a => a.Status).ToList();
        var unknown = Guess(15, "nobody", "10.66.2.").Select(a => a.Status).ToList();
        Assert.That(unknown, Is.EqualTo(known));
        Assert.That(known.Count(s => s == 403), Is.EqualTo(10));
    }

    [Test]
    public void PhoneThatIsKnown_IsNotSlowedByOthersAtItsAddress()
    {
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200));
        for (var i = 0; i < 30; i++)
            new ScriptedPhone(_all.World, "old" + i, "10.0.2.1", 6000 + i).Register(password: "old", callId: "old" + i);
        Assert.That(_all.Alice.Register(callId: "again").Status, Is.EqualTo(200));
        Assert.That(
            new ScriptedPhone(_all.World, "carol", "10.0.2.1", 7000).Register().Status, Is.EqualTo(503), "who is not known there waits");
    }

    [Test]
    public void WrongPasswordWhereTheUserIsKnown_IsCounted()
    {
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200));
        for (var i = 0; i < 40; i++)
            _all.Alice.Register(password: "guess", callId: "g" + i);
        Assert.That(_all.Host.Asked, Has.Count.LessThanOrEqualTo(12));
    }

    [Test]
    public void SecondPhoneWithAnOldPasswordAtTheSameAddress_CostsTheFirstNothing()
    {
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200));
        var softphone = new ScriptedPhone(_all.World, "alice", "10.0.2.1", 6000);
        for (var i = 0; i < 30; i++)
        {
            softphone.Register(password: "old", callId: "old" + i);
            Assert.That(_all.Alice.Register(callId: "again" + i).Status, Is.EqualTo(200));
        }

        Assert.That(_all.Host.Asked, Has.Count.LessThanOrEqualTo(31 + 30), "one guess for each time she has shown hers there");
    }

    [Test]
    public void ManyWrongPasswordsAtHerAddress_LeaveHerPlace()
    {
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200));
        for (var i = 0; i < 30; i++)
            new ScriptedPhone(_all.World, "alice", "10.0.2.1", 6000 + i).Register(password: "old", callId: "old" + i);
        Assert.That(_all.Alice.Register(callId: "again").Status, Is.EqualTo(200));
    }

    [Test]
    public void GuessesUnderWayAtOnce_AreAsManyAsMayBeWrong()
    {
        var locks = new UserLocks(10, _window);
        var entered = Enumerable.Range(0, 2000).Count(i => locks.TryEnter("alice", Of(i), TimeSpan.Zero));
        Assert.That(entered, Is.EqualTo(10));
        for (var i = 0; i < 10; i++)
            locks.Leave("alice", Of(i), TimeSpan.Zero, wasWrong: true);
        Assert.That(locks.TryEnter("alice", Here, _window - TimeSpan.FromSeconds(1)), Is.False);
        Assert.That(locks.TryEnter("alice", Here, _window), Is.True, "and no longer than that");
    }

    [Test]
    public void GuessesOfOneSource_LeaveTheOthersOneAtATime()
    {
        var locks = new UserLocks(10, _window);
        for (var i = 0; i < 10; i++)
        {
            locks.TryEnter("alice", Here, TimeSpan.Zero);
            locks.Leave("alice", Here, TimeSpan.Zero, wasWrong: true);
        }

        Assert.That(locks.TryEnter("alice", Here, TimeSpan.Zero), Is.False);
        Assert.That(locks.TryEnter("alice", Of(1), TimeSpan.Zero), Is.True);
        Assert.That(locks.TryEnter("alice", Of(2), TimeSpan.Zero), Is.False);
        locks.Leave("alice", Of(1), TimeSpan.Zero, wasWrong: false);
        Assert.That(locks.TryEnter("alice", Of(2), TimeSpan.Zero), Is.True);
    }

    /// <summary>A provider that takes its time, as a database does: what comes meanwhile is no more than what may be wrong.</summary>
    [Test]
    public void FiftyAddressesAtOnce_WithAProviderThatTakesTime_HaveTenGuesses()
    {
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200));
        var before = _all.Host.Asked.Count;
        var answer = new TaskCompletionSource();
        var authorize = _all.Host.Authorize;
        _all.Host.Authorize = async (request, cancellation) =>
        {
            await answer.Task;
            return await authorize(request, cancellation);
        };
        var phones = Enumerable.Range(1, 50).Select(i => new ScriptedPhone(_all.World, "alice", "10.66.1." + i)).ToList();
        foreach (var phone in phones)
        {
            phone.Send(phone.Request("REGISTER", null, phone.Address, extra: phone.Contact()));
            var challenge = phone.WaitForResponse("REGISTER", 401);
            phone.Received.Clear();
            var credentials = phone.Authorize(challenge, "REGISTER", "sip:test.local", "guess");
            for (var i = 0; i < 5; i++)
                phone.Send(phone.Request("REGISTER", null, phone.Address + i, extra: phone.Contact() + credentials));
        }

        _all.World.Advance(TimeSpan.FromMilliseconds(200));
        Assert.That(_all.Host.Asked, Has.Count.EqualTo(before + 10));
        answer.SetResult();
        _all.World.RunUntil(() => phones.TrueForAll(phone => phone.Received.Count >= 5));
        Assert.That(_all.Host.Asked, Has.Count.EqualTo(before + 10));
        Assert.That(_all.Alice.Register(callId: "again").Status, Is.EqualTo(200));
        _all.World.Advance(TimeSpan.FromMinutes(11));
        Assert.That(new ScriptedPhone(_all.World, "alice", "10.66.9.9").Register().Status, Is.EqualTo(200), "locked out no longer");
    }

    [Test]
    public void WhatIsRemembered_IsBounded()
    {
        var (locks, places) = (new UserLocks(10, _window), new KnownPlaces());
        for (var i = 0; i < 140_000; i++)
        {
            locks.TryEnter("u" + i, Here, TimeSpan.Zero);
            locks.Leave("u" + i, Here, TimeSpan.Zero, wasWrong: true);
            places.Add("u" + i, new IPEndPoint(IPAddress.Loopback, 5060));
        }

        Assert.That(locks.Count, Is.EqualTo(65_536));
        Assert.That(places.Count, Is.InRange(65_536, 131_072));
    }

    [Test]
    public void WhoShowsHisPasswordNowAndThen_IsNotForgottenForOthersWhoDoItOnce()
    {
        var places = new KnownPlaces(100);
        var alice = new IPEndPoint(IPAddress.Loopback, 5060);
        for (var i = 0; i < 5000; i++)
        {
            if (i % 50 == 0)
                places.Add("alice", alice);
            places.Add("u" + i, new IPEndPoint(IPAddress.Loopback, 1 + (i % 60_000)));
            Assert.That(places.TryEnter("alice", alice), Is.True);
            places.Leave("alice", alice, wasWrong: false);
        }
    }

    [Test]
    public void UserWhoComesFromEveryPort_TakesOnePlace()
    {
        var places = new KnownPlaces(100);
        for (var port = 1; port < 60_000; port++)
            places.Add("alice", new IPEndPoint(IPAddress.Loopback, port));
        Assert.That(places.Count, Is.EqualTo(1));
    }

    private static SourceKey Of(int i) => SourceKey.Of(new IPAddress([10, 66, (byte)(i >> 8), (byte)i]));

    private List<SipText> Guess(int count, string user, string network) =>
        [.. Enumerable.Range(1, count).Select(i =>
            new ScriptedPhone(_all.World, user, network + i).Register(password: "guess" + i, callId: network + i))];
}

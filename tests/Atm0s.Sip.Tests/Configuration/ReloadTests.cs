using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>What changes in a running server, and what does not.</summary>
[SingleThreaded]
public sealed class ReloadTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _carrier = null!;

    private static TrunkOptions Trunk { get; } = new() { Name = "carrier", Server = "sip:10.0.3.1", Networks = ["10.0.3.0/24"] };

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _carrier = new ScriptedPhone(_world, "carrier", "10.0.3.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void NothingChanged_IsNoNews()
    {
        Start(options => options.Trunks.Add(Trunk));
        var events = _server.WatchAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync();
        // Read from a file again: another object that says the same.
        var changed = Reload(options => options.Trunks.Add(Trunk with { Networks = ["10.0.3.0/24"] }));
        Assert.That((changed.Applied.Count, changed.NeedRestart.Count, next.IsCompleted), Is.EqualTo((0, 0, false)));
        _world.Complete(_server.StopAsync());
        _world.Await(next.AsTask());
    }

    [Test]
    public void AddedTrunk_CallsWithoutPassword_AndTheWatcherIsTold()
    {
        Start();
        var events = _server.WatchAsync().GetAsyncEnumerator();
        Call("c1", 401);

        var changed = Reload(options => options.Trunks.Add(Trunk));

        Assert.That(changed.Applied, Is.EqualTo(new[] { "Trunks.carrier" }));
        Assert.That(_server.Trunks.Single().Name, Is.EqualTo("carrier"));
        Call("c2", 200);
        Assert.That(_world.Await(events.MoveNextAsync().AsTask()), Is.True);
        Assert.That(events.Current, Is.EqualTo(changed));
    }

    [Test]
    public void RemovedTrunk_ItsCallGoesOn_AndEndsFromAnotherAddressOfIt_NewOnesAreChallenged()
    {
        Start(options => options.Trunks.Add(Trunk));
        var (invite, ok) = Call("c1", 200);
        _carrier.Ack(invite, ok);

        Assert.That(Reload().Applied, Is.EqualTo(new[] { "Trunks.carrier" }));

        Assert.That(_server.Trunks, Is.Empty);
        Call("c2", 401);
        _world.Advance(TimeSpan.FromSeconds(5));
        Assert.That(_server.Calls.Single().Info.Trunk, Is.EqualTo("carrier"));
        var other = new ScriptedPhone(_world, "gateway", "10.0.3.9");
        Bye(other, "c1", invite, ok);
        other.WaitForResponse("BYE", 200);
        Assert.That(_server.Calls, Is.Empty);
    }

    [Test]
    public void NewTrunkOfTheSameName_DoesNotTakeOverTheAddressesOfTheOld()
    {
        Start(options => options.Trunks.Add(Trunk));
        Reload();
        Reload(options => options.Trunks.Add(Trunk with { Server = "sip:10.0.9.1", Networks = ["10.0.9.0/24"] }));
        var gateway = new ScriptedPhone(_world, "gateway", "10.0.9.1");
        var (invite, ok) = Call("c1", 200, gateway);
        gateway.Ack(invite, ok);

        var old = new ScriptedPhone(_world, "old", "10.0.3.9");
        Bye(old, "c1", invite, ok);
        gateway.Respond(gateway.WaitForRequest("OPTIONS"), 200, "OK");

        old.WaitForResponse("BYE", 481);
        Assert.That(_server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void CallOfARemovedTrunk_IsNotOfTheNewOneOfTheName()
    {
        Start(options => options.Trunks.Add(Trunk));
        var (invite, ok) = Call("c1", 200);
        _carrier.Ack(invite, ok);
        Reload();
        Reload(options => options.Trunks.Add(Trunk with { Server = "sip:10.0.9.1", Networks = ["10.0.9.0/24"] }));

        var other = new ScriptedPhone(_world, "other", "10.0.9.9");
        Bye(other, "c1", invite, ok);
        _carrier.Respond(_carrier.WaitForRequest("OPTIONS"), 200, "OK");

        other.WaitForResponse("BYE", 481);
        Assert.That(_server.Calls, Has.Count.EqualTo(1));
    }

    [TestCase("10.0.3.9")]
    [TestCase("10.0.4.9")]
    public void ChangedNetworks_ARunningCallKeepsItsOwn_AndHasTheNewOnes(string gateway)
    {
        Start(options => options.Trunks.Add(Trunk));
        var (invite, ok) = Call("c1", 200);
        _carrier.Ack(invite, ok);

        Reload(options => options.Trunks.Add(Trunk with { Networks = ["10.0.4.0/24"] }));

        var other = new ScriptedPhone(_world, "other", gateway);
        Bye(other, "c1", invite, ok);
        other.WaitForResponse("BYE", 200);
        Assert.That(_server.Calls, Is.Empty);
    }

    [Test]
    public void LocalNetworks_AreNotNewsOfTheListeners()
    {
        Start(options => options.LocalNetworks.Add("10.0.0.0/8"));
        Assert.That(Reload(options => options.LocalNetworks.Add("10.0.0.0/8")).NeedRestart, Is.Empty);
        Assert.That(Reload().NeedRestart, Is.EqualTo(new[] { "LocalNetworks" }));
    }

    [Test]
    public void ChangedNetworks_OfARegisteredTrunk_NeedNoNewRegistration()
    {
        Start(options => options.Trunks.Add(Registering));
        Register();

        Reload(options => options.Trunks.Add(Registering with { Networks = ["10.0.4.0/24"], MaxCalls = 3 }));

        _world.Advance(TimeSpan.FromSeconds(10));
        Assert.That(_carrier.Received, Is.Empty);
        Assert.That(_server.Trunks.Single().State, Is.EqualTo(TrunkState.Registered));
        Call("c1", 401);
        var gateway = new ScriptedPhone(_world, "gateway", "10.0.4.1");
        gateway.Send(gateway.Request("INVITE", "room1", "c2", gateway.Sdp, gateway.Contact()));
        gateway.WaitForResponse("INVITE", 200);
    }

    [Test]
    public void ChangedUser_TheOldRegistrationIsTakenBackFirst()
    {
        Start(options => options.Trunks.Add(Registering));
        Register();

        Reload(options => options.Trunks.Add(Registering with { User = "4712" }));

        Call("c1", 200);
        _carrier.Received.RemoveAll(message => message.IsResponse);
        var unregister = _carrier.WaitForRequest("REGISTER");
        Assert.That((unregister["Expires"], unregister["To"]), Is.EqualTo(("0", "<sip:4711@10.0.3.1>")));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_carrier.Received.Count(message => message.StartLine.StartsWith("REGISTER", StringComparison.Ordinal)), Is.EqualTo(1));
        _carrier.Received.Clear();
        _carrier.Respond(unregister, 200, "OK");
        Assert.That(_carrier.WaitForRequest("REGISTER")["To"], Is.EqualTo("<sip:4712@10.0.3.1>"));
    }

    [Test]
    public void ChangedTrunk_WhoseServerIsDead_DoesNotWaitForIt()
    {
        Start(options => options.Trunks.Add(Registering));
        Register();

        Reload(options => options.Trunks.Add(Registering with { Server = "sip:10.0.5.1" }));

        var other = new ScriptedPhone(_world, "other", "10.0.5.1");
        Assert.That(other.WaitForRequest("REGISTER", TimeSpan.FromSeconds(7))["To"], Is.EqualTo("<sip:4711@10.0.5.1>"));
    }

    [Test]
    public void AccessRules_FollowAtOnce()
    {
        Start();
        Call("c1", 401);
        Assert.That(Reload(options => options.Access.Trust("10.0.3.0/24")).Applied, Is.EqualTo(new[] { "Access.Rules" }));
        Call("c2", 200);
        Reload(options => options.Access.Refuse("10.0.3.0/24"));
        Call("c3", 403);
    }

    [Test]
    public void Quotas_FollowAtOnce_AndCallsThatAreUpStay()
    {
        Start(options => options.Access.Trust("10.0.3.0/24"));
        Call("c1", 200);
        Call("c2", 200);

        var changed = Reload(options =>
        {
            options.Access.Trust("10.0.3.0/24");
            options.Calls.MaxCallsPerTrustedSource = 2;
        });

        Assert.That(changed.Applied, Is.EqualTo(new[] { "Calls.MaxCallsPerTrustedSource" }));
        Call("c3", 503);
        Assert.That(_server.Calls, Has.Count.EqualTo(2));
        Reload(options => options.Access.Trust("10.0.3.0/24"));
        Call("c4", 200);
    }

    [Test]
    public void RateLimit_FollowsAtOnce()
    {
        Start();
        Reload(options => options.Defence.MaxBurstPerSource = 2);
        for (var i = 0; i < 6; i++)
            _carrier.Send(_carrier.Request("OPTIONS", "x", "o" + i));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_carrier.Received.Count(message => message.IsResponse), Is.EqualTo(2));
    }

    [Test]
    public void OpenNumbers_AndDroppedUserAgents_FollowAtOnce()
    {
        Start();
        Call("c1", 401);
        var changed = Reload(options =>
        {
            options.Authentication.OpenNumberPrefixes.Add("room");
            options.Defence.DroppedUserAgents.Clear();
        });
        Assert.That(changed.Applied, Is.EquivalentTo(new[] { "Authentication.OpenNumberPrefixes", "Defence.DroppedUserAgents" }));
        Call("c2", 200);
    }

    [Test]
    public void WhatNeedsARestart_IsTold_AndNothingElseChanges()
    {
        Start();
        var changed = Reload(options =>
        {
            options.Realm = "other.test";
            options.Listen("udp://10.0.0.2:5060");
            options.Media.Codecs.Remove("opus");
            options.Timers = new Core.Transactions.SipTimers { T1 = TimeSpan.FromMilliseconds(250) };
        });
        Assert.That(changed.NeedRestart, Is.EquivalentTo(new[] { "Realm", "Listeners", "Media.Codecs", "Timers.T1" }));
        Assert.That((changed.Applied.Count, _server.ListenUris.Count, _server.Options.Realm), Is.EqualTo((0, 1, "test.local")));
    }

    [Test]
    public void BrokenSettings_ChangeNothing()
    {
        Start(options => options.Trunks.Add(Trunk));
        Assert.That(
            () => Reload(options =>
            {
                options.Calls.MaxCalls = 5;
                options.Trunks.Add(Trunk with { Server = "nonsense" });
            }),
            Throws.TypeOf<SipStartException>().With.Message.Contains("nonsense"));
        Assert.That(() => Reload(options => options.Media.Codecs.Add("G729")), Throws.TypeOf<SipStartException>());
        Assert.That((_server.Options.Calls.MaxCalls, _server.Trunks.Count), Is.EqualTo((10_000, 1)));
        Call("c1", 200);
    }

    // A listener is opened by the next start: until then a trunk that needs it can't work, and nothing else may have changed.
    [TestCase("new")]
    [TestCase("carrier")]
    public void TrunkThatNeedsAListenerOfTheNewSettings_IsRefusedWhole(string name)
    {
        Start(options => options.Trunks.Add(Trunk));

        Assert.That(
            () => Reload(options =>
            {
                options.Listen("tls://10.0.0.1:5061");
                options.Tls.SelfSigned = true;
                options.Calls.MaxCalls = 5;
                options.Trunks.Add(new TrunkOptions { Name = "first", Server = "sip:10.0.7.1" });
                options.Trunks.Add(new TrunkOptions { Name = name, Server = "sip:10.0.8.1;transport=tls" });
            }),
            Throws.TypeOf<SipStartException>().With.Message.Contains("Trunks[1]: ").And.Message.Contains("restart"));

        Assert.That(_server.Trunks.Select(trunk => (trunk.Name, trunk.Server)), Is.EqualTo(new[] { ("carrier", "sip:10.0.3.1") }));
        Assert.That(_server.Options.Calls.MaxCalls, Is.EqualTo(10_000));
        Call("c1", 200);
        var changed = Reload(options =>
        {
            options.Trunks.Add(Trunk);
            options.Trunks.Add(new TrunkOptions { Name = "first", Server = "sip:10.0.7.1" });
        });
        Assert.That(changed.Applied, Is.EqualTo(new[] { "Trunks.first" }));
    }

    [Test]
    public void TrunkOfTheProgram_IsLeftAlone()
    {
        Start();
        _world.Await(_server.AddTrunkAsync(Trunk));
        Assert.That(Reload(options => options.Calls.MaxCalls = 5).Applied, Is.EqualTo(new[] { "Calls.MaxCalls" }));
        Assert.That(_server.Trunks, Has.Count.EqualTo(1));
        Assert.That(
            () => Reload(options => options.Trunks.Add(Trunk)), Throws.TypeOf<SipStartException>().With.Message.Contains("carrier"));
    }

    private static TrunkOptions Registering => Trunk with { Register = true, User = "4711" };

    private void Start(Action<SipServerOptions>? configure = null) =>
        _server = _world.StartServer(_host.Handlers, configure);

    private SipServerEvent.SettingsChanged Reload(Action<SipServerOptions>? configure = null)
    {
        var options = new SipServerOptions { Realm = "test.local", ShardCount = 2 };
        options.Listen(Core.Transport.SipTransportProtocol.Udp, VirtualWorld.ServerEndPoint);
        configure?.Invoke(options);
        return _server.Reload(options);
    }

    private (SipText Invite, SipText Answer) Call(string id, int status, ScriptedPhone? from = null)
    {
        var phone = from ?? _carrier;
        var invite = phone.Request("INVITE", "room1", id, phone.Sdp, phone.Contact());
        phone.Send(invite);
        return (new SipText(invite), phone.WaitFor(message => message.IsResponse && message.Status == status && message["Call-ID"] == id));
    }

    private static void Bye(ScriptedPhone phone, string id, SipText invite, SipText ok) => phone.Send(
        $"BYE {ok.ContactUri} SIP/2.0\r\nVia: SIP/2.0/UDP {phone.Address};branch={phone.NewBranch()};rport\r\nMax-Forwards: 70\r\n"
        + $"From: {invite["From"]}\r\nTo: {ok["To"]}\r\nCall-ID: {id}\r\nCSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n");

    private void Register()
    {
        var register = _carrier.WaitForRequest("REGISTER");
        _carrier.Respond(register, 200, "OK", extra: "Expires: 3600\r\n");
        _world.RunUntil(() => _server.Trunks.Single().State == TrunkState.Registered);
        _carrier.Received.Clear();
    }
}

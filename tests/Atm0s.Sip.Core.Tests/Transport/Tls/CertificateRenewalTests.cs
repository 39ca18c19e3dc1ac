using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Transport.Tls;

/// <summary>Which certificate is shown, and how a new one comes.</summary>
[TestFixture]
public sealed class CertificateRenewalTests
{
    private TlsWorld _world = null!;
    private FakeTimeProvider _clock = null!;

    [SetUp]
    public void SetUp() => (_world, _clock) = (new TlsWorld(), new FakeTimeProvider());

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public async Task FileThatChanges_IsShownToTheNext_AndConnectionsStay()
    {
        var file = _world.Files("localhost", "server");
        var transport = await _world.ListenAsync(
            "", _clock, o => o.Certificates.Add(file), o => o.FirstMessageTimeout = TimeSpan.FromHours(1));
        var before = await _world.ConnectAsync(transport.LocalEndPoint);
        _world.Files("localhost,new.example", "server");
        var same = await _world.ConnectAsync(transport.LocalEndPoint);
        Assert.That(TlsWorld.Shown(same), Is.EqualTo(TlsWorld.Shown(before)), "it is looked at once a minute");

        _clock.Advance(TimeSpan.FromSeconds(61));
        await Net.UntilAsync(() => _world.Log.CountOf(1011) == 1);
        var after = await _world.ConnectAsync(transport.LocalEndPoint);
        Assert.That(TlsWorld.Shown(after), Is.Not.EqualTo(TlsWorld.Shown(before)));
        await before.WriteAsync(Net.Message("still there"));
        Assert.That((await _world.Sink.NextAsync()).Flow.TrySend("answer"u8), Is.True);
        Assert.That(await TlsWorld.ReadAsync(before), Is.EqualTo("answer"));
    }

    [Test]
    public async Task HostSaysSo_ItIsReadAtOnce()
    {
        var transport = await _world.ListenAsync("", _clock, o => o.Certificates.Add(_world.Files("localhost", "server")));
        var before = TlsWorld.Shown(await _world.ConnectAsync(transport.LocalEndPoint));
        _world.Files("localhost", "server");
        transport.RenewCertificates();
        Assert.That(TlsWorld.Shown(await _world.ConnectAsync(transport.LocalEndPoint)), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task FileThatCanNotBeRead_LeavesWhatWas_AndIsTold()
    {
        var file = _world.Files("localhost", "server");
        var transport = await _world.ListenAsync("", _clock, o => o.Certificates.Add(file));
        var before = TlsWorld.Shown(await _world.ConnectAsync(transport.LocalEndPoint));
        await File.WriteAllTextAsync(file.Certificate, "-----BEGIN CERTIFICATE-----\nhalf of");
        Assert.That(transport.RenewCertificates, Throws.InstanceOf<IOException>().With.Message.Contains(file.Certificate));
        _clock.Advance(TimeSpan.FromSeconds(61));
        await Net.UntilAsync(() => _world.Log.CountOf(1012) == 1);
        Assert.That(TlsWorld.Shown(await _world.ConnectAsync(transport.LocalEndPoint)), Is.EqualTo(before));
    }

    [Test]
    public void FileThatIsNotThere_StopsTheStart() =>
        Assert.That(
            async () => await _world.ListenAsync(
                "", configure: o => o.Certificates.Add(new TlsCertificateFile { Certificate = "/nowhere.pem" })),
            Throws.InstanceOf<IOException>().With.Message.Contains("/nowhere.pem"));

    [Test]
    public async Task Name_ChoosesTheCertificate()
    {
        var transport = await _world.ListenAsync("a.example", configure: o => o.Certificates.Add(_world.Files("b.example,*.c.example")));
        Assert.That(await SubjectFor(transport, "a.example"), Is.EqualTo("CN=a.example"));
        Assert.That(await SubjectFor(transport, "b.example"), Is.EqualTo("CN=b.example"));
        Assert.That(await SubjectFor(transport, "sip.c.example"), Is.EqualTo("CN=b.example"));
        Assert.That(await SubjectFor(transport, "unknown.example"), Is.EqualTo("CN=a.example"), "the first");
        Assert.That(await SubjectFor(transport, "127.0.0.1"), Is.EqualTo("CN=a.example"), "no name asked for");
    }

    [Test]
    public async Task Selector_HasTheFirstWord()
    {
        using var own = _world.Authority.Issue("own.example");
        var transport = await _world.ListenAsync("a.example", configure: o =>
            o.CertificateSelector = name => name == "own.example" ? own : null);
        Assert.That(await SubjectFor(transport, "own.example"), Is.EqualTo("CN=own.example"));
        Assert.That(await SubjectFor(transport, "a.example"), Is.EqualTo("CN=a.example"));
    }

    [Test]
    public void Selector_WithTwo_HasEachPreparedOnce()
    {
        using var one = _world.Authority.Issue("one.example");
        using var two = _world.Authority.Issue("two.example");
        var store = new CertificateStore(
            new SipTlsOptions { CertificateSelector = name => name == "one.example" ? one : two }, new SipListenerOptions(), _clock, _world.Log);
        var (first, second) = (store.Choose("one.example"), store.Choose("two.example"));
        for (var i = 0; i < 10; i++)
            Assert.That((store.Choose("one.example"), store.Choose("two.example")), Is.EqualTo((first, second)));
    }

    [TestCase("certificate")]
    [TestCase("roots")]
    public void FileOfATrunkThatIsHalfWritten_LeavesWhatWas_AndIsReadWhenItIsWhole(string which)
    {
        var file = _world.Files("trunk.example", "trunk");
        var roots = Path.Combine(_world.Authority.Folder, "trunk-roots.pem");
        File.Copy(_world.Authority.RootFile, roots);
        var trunk = new TlsClientOptions { Certificate = file, TrustedRoots = roots };
        var own = _world.Files("localhost", "server");
        var options = new SipTlsOptions { CertificateCheckInterval = TimeSpan.FromMinutes(1) };
        options.Certificates.Add(own);
        var store = new CertificateStore(options, new SipListenerOptions(), _clock, _world.Log);
        store.Read();
        var (before, server) = (store.SettingsOf(trunk), store.First);

        var half = which == "roots" ? roots : file.Certificate;
        var whole = File.ReadAllText(half);
        File.WriteAllText(half, "-----BEGIN CERTIFICATE-----\nhalf of");
        _world.Files("localhost", "server");
        store.CheckTime(TimeSpan.FromMinutes(2));
        Assert.That(store.SettingsOf(trunk), Is.SameAs(before));
        Assert.That(store.First, Is.Not.SameAs(server), "what is whole is taken");
        Assert.That(_world.Log.CountOf(1012), Is.EqualTo(1));

        File.WriteAllText(half, whole);
        File.SetLastWriteTimeUtc(half, DateTime.UtcNow.AddSeconds(5));
        store.CheckTime(TimeSpan.FromMinutes(4));
        Assert.That(store.SettingsOf(trunk), Is.Not.SameAs(before));
    }

    // Renewed, and the settings read anew, in one go.
    [Test]
    public void ChangeBeforeATrunkIsNew_IsNotForgotten()
    {
        var (store, file) = NewStore();
        var before = store.First;
        File.SetLastWriteTimeUtc(_world.Files("localhost", "server").Certificate, DateTime.UtcNow.AddSeconds(5));
        store.SettingsOf(new TlsClientOptions { TrustedRoots = _world.Authority.RootFile, Certificate = file });
        Assert.That(store.First, Is.SameAs(before));
        store.CheckTime(TimeSpan.FromMinutes(2));
        Assert.That(store.First, Is.Not.SameAs(before));
    }

    [Test]
    public void SettingsOfATrunkThatIsGone_AreKeptNoLonger()
    {
        var (store, _) = NewStore();
        var roots = Path.Combine(_world.Authority.Folder, "gone.pem");
        File.Copy(_world.Authority.RootFile, roots);
        store.SettingsOf(new TlsClientOptions { TrustedRoots = roots });
        _clock.Advance(TimeSpan.FromHours(2));
        File.Delete(roots);
        store.CheckTime(TimeSpan.FromMinutes(2));
        _world.Files("localhost", "server");
        store.CheckTime(TimeSpan.FromMinutes(4));
        Assert.That(_world.Log.CountOf(1012), Is.Zero);
    }

    [Test]
    public void HostOfASipDomain_FindsItsCertificate()
    {
        var options = new SipTlsOptions();
        options.Certificates.Add(_world.Files("first.example"));
        options.Certificates.Add(_world.Files("sip1.example.com,sip:example.com"));
        var store = new CertificateStore(options, new SipListenerOptions(), _clock, _world.Log);
        store.Read();
        Assert.That(store.Choose("sip1.example.com")!.Certificate.Subject, Is.EqualTo("CN=sip1.example.com"));
        Assert.That(store.Choose("example.com")!.Certificate.Subject, Is.EqualTo("CN=sip1.example.com"));
        Assert.That(store.Choose("sip2.example.com")!.Certificate.Subject, Is.EqualTo("CN=first.example"));
    }

    [TestCase(300, 0)]
    [TestCase(355, 1)]
    [TestCase(400, 1)]
    [TestCase(-10, 1, Description = "it does not hold yet")]
    public void EndThatComesNear_IsToldOnceADay(int days, int lines)
    {
        var options = new SipTlsOptions { CertificateCheckInterval = TimeSpan.FromMinutes(1) };
        options.Certificates.Add(_world.Files("localhost", "server"));
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(days));
        var store = new CertificateStore(options, new SipListenerOptions(), clock, _world.Log);
        store.Read();
        Assert.That(_world.Log.CountOf(1014), Is.EqualTo(lines));
        for (var hour = 1; hour <= 25; hour++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            store.CheckTime(TimeSpan.FromHours(hour));
        }

        Assert.That(_world.Log.CountOf(1014), Is.EqualTo(2 * lines));
        Assert.That(store.Ends - clock.GetUtcNow(), Is.EqualTo(TimeSpan.FromDays(365 - days) - TimeSpan.FromHours(25)).Within(TimeSpan.FromDays(2)));
    }

    [Test]
    public void SelfSigned_IsMadeAnew_BeforeItEnds()
    {
        var store = new CertificateStore(
            new SipTlsOptions { SelfSigned = true, CertificateCheckInterval = TimeSpan.FromMinutes(1) }, new SipListenerOptions(), _clock,
            _world.Log);
        store.Read();
        var first = store.First;
        _clock.Advance(TimeSpan.FromDays(240));
        store.CheckTime(TimeSpan.FromDays(240));
        Assert.That(store.First, Is.SameAs(first));
        _clock.Advance(TimeSpan.FromDays(10));
        store.CheckTime(TimeSpan.FromDays(250));
        Assert.That(store.First, Is.Not.SameAs(first));
        Assert.That(store.Ends, Is.GreaterThan(_clock.GetUtcNow().AddDays(300)));
    }

    [Test]
    public void LinkThatLeadsInACircle_LeavesWhatWas_AndIsLookedAtAgain()
    {
        var (store, file) = NewStore();
        var before = store.First;
        var other = file.Certificate + ".other";
        File.Delete(file.Certificate);
        File.CreateSymbolicLink(file.Certificate, other);
        File.CreateSymbolicLink(other, file.Certificate);
        Assert.That(() => store.CheckTime(TimeSpan.FromMinutes(2)), Throws.Nothing);
        Assert.That(store.First, Is.SameAs(before));

        File.Delete(other);
        File.Delete(file.Certificate);
        _world.Files("localhost", "server");
        store.CheckTime(TimeSpan.FromMinutes(4));
        Assert.That(store.First, Is.Not.SameAs(before));
    }

    [Test]
    public void LogThatThrows_IsNoReasonToLookNoMore()
    {
        var (store, _) = NewStore();
        _world.Files("localhost", "server");
        _world.Log.Throws = true;
        Assert.That(() => store.CheckTime(TimeSpan.FromMinutes(2)), Throws.InvalidOperationException);
        _world.Log.Throws = false;
        var before = store.First;
        File.SetLastWriteTimeUtc(_world.Files("localhost", "server").Certificate, DateTime.UtcNow.AddSeconds(5));
        store.CheckTime(TimeSpan.FromMinutes(4));
        Assert.That(store.First, Is.Not.SameAs(before));
    }

    [Test]
    public async Task Pfx_AndEncryptedKeys_AreRead()
    {
        using var certificate = _world.Authority.Issue("pfx.example");
        var path = _world.Authority.WritePfx(certificate, "secret");
        var file = new TlsCertificateFile { Certificate = path, Password = "secret" };
        var transport = await _world.ListenAsync("", configure: o => o.Certificates.Add(file));
        Assert.That(await SubjectFor(transport, "x"), Is.EqualTo("CN=pfx.example"));
        Assert.That(file.ToString(), Does.Not.Contain("secret"));
    }

    [Test]
    public async Task SelfSigned_IsMadeAtTheStart_AndStays()
    {
        var transport = await _world.ListenAsync("", configure: o => o.SelfSigned = true);
        var first = await _world.ConnectAsync(transport.LocalEndPoint);
        Assert.That(((X509Certificate2)first.RemoteCertificate!).MatchesHostname("localhost"), Is.True);
        transport.RenewCertificates();
        Assert.That(TlsWorld.Shown(await _world.ConnectAsync(transport.LocalEndPoint)), Is.EqualTo(TlsWorld.Shown(first)));
    }

    private (CertificateStore Store, TlsCertificateFile File) NewStore()
    {
        var file = _world.Files("localhost", "server");
        var options = new SipTlsOptions { CertificateCheckInterval = TimeSpan.FromMinutes(1) };
        options.Certificates.Add(file);
        var store = new CertificateStore(options, new SipListenerOptions(), _clock, _world.Log);
        store.Read();
        return (store, file);
    }

    private async Task<string> SubjectFor(TcpSipTransport transport, string name)
    {
        var client = await _world.ConnectAsync(transport.LocalEndPoint, configure: o => o.TargetHost = name);
        return client.RemoteCertificate!.Subject;
    }
}

using System.Net;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A server that has no descriptor left: calls fail while that is so, and no longer.</summary>
[SingleThreaded]
public sealed class LastDescriptorTests
{
    [Test]
    public void AddressesThatCannotBeAskedFor_AreThoseOfBefore()
    {
        var time = new FakeTimeProvider();
        var isOut = false;
        var networks = new LocalNetworks(time, () => isOut
            ? throw new IOException("Too many open files : '/proc/net/route'")
            : [(IPAddress.Parse("10.0.0.1"), IPAddress.Parse("255.255.255.0"))]);
        Assert.That(networks.IsOwn(IPAddress.Parse("10.0.0.1")), Is.True);
        isOut = true;
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.That(networks.IsOwn(IPAddress.Parse("10.0.0.1")), Is.True);
        Assert.That(networks.IsBroadcast(IPAddress.Parse("10.0.0.255")), Is.True);
    }

    [Test]
    public void AddressesThatCouldNeverBeAskedFor_AreNone() =>
        Assert.That(new LocalNetworks(new FakeTimeProvider(), () => throw new IOException()).IsOwn(IPAddress.Parse("10.0.0.1")), Is.False);

    // The files behind it can't be opened once strangers have taken all descriptors, and the runtime tries only once.
    [Test]
    public async Task CertificateOfMedia_IsThereBeforeTheFirstCall()
    {
        var dtls = new Counted();
        var world = new VirtualWorld { Dtls = dtls };
        world.StartServer(new TestHost().Handlers);
        await world.DisposeAsync();

        Assert.That(dtls.Asked, Is.Positive);
    }

    private sealed class Counted : IDtlsProvider
    {
        private readonly Calls.Security.FakeDtls _inner = new();

        public int Asked { get; private set; }

        public IDtlsIdentity Identity
        {
            get
            {
                Asked++;
                return _inner.Identity;
            }
        }
    }
}

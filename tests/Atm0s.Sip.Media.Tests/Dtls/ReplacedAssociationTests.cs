using System.Globalization;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Tests.Mixing;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>Descriptions that want a new association again and again (RFC 8842 §5.3): each handshake is work, and a place among few.</summary>
[Property("threat", "M6")]
public sealed class ReplacedAssociationTests
{
    private MediaWorld _world = null!;
    private CountedDtls _dtls = null!;

    [SetUp]
    public void SetUp() => (_world, _dtls) = (new MediaWorld(TimeSpan.FromSeconds(3)), new CountedDtls());

    [TearDown]
    public void TearDown() => _world.Dispose();

    [TestCase(DtlsRole.Client)]
    [TestCase(DtlsRole.Server)]
    public void AssociationThatIsReplaced_IsDisposed(DtlsRole role)
    {
        var phone = Add(role);
        for (var i = 1; i <= 5; i++)
        {
            Ask(phone, i);
            _world.Run(0.1);
            var gone = i;
            Assert.That(() => _dtls.Disposed, Is.EqualTo(gone).After(10_000, 5), "without keys, which nothing else is replaced with");
        }

        Assert.That(_dtls.Opened, Is.EqualTo(6));
    }

    [TestCase(DtlsRole.Client)]
    [TestCase(DtlsRole.Server)]
    public void NewAssociationsOfALeg_BeginOnceASecond(DtlsRole role)
    {
        var phone = Add(role);
        for (var i = 1; i <= 500; i++)
        {
            Ask(phone, i);
            phone.SendRaw([22, 254, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
            _world.Run(0.02);
        }

        Assert.That(_dtls.Opened, Is.EqualTo(501));
        Assert.That(_dtls.Begun, Is.InRange(9, 12), "in ten seconds");
    }

    [TestCase(DtlsRole.Client)]
    [TestCase(DtlsRole.Server)]
    public void AssociationThatHadToWait_Begins(DtlsRole role)
    {
        var phone = Add(role);
        phone.SendRaw([22, 254, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        _world.Run(0.1);
        Assert.That(_dtls.Begun, Is.EqualTo(1));
        Ask(phone, 1);
        // As client it begins by itself; as server the peer repeats its ClientHello (RFC 6347 §4.2.4).
        for (var i = 0; i < 3; i++)
        {
            phone.SendRaw([22, 254, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
            _world.Run(0.5);
        }

        Assert.That(_dtls.Begun, Is.EqualTo(2));
    }

    private TestPhone Add(DtlsRole role) => _world.AddPhone(p => p with
    {
        RtcpMux = true,
        Dtls = new DtlsParameters { Identity = _dtls, Role = role, RemoteFingerprints = [CertificateFingerprint.Of([4])], RemoteId = "0" },
    });

    private static void Ask(TestPhone phone, int number) => phone.Update(p => p with
    {
        Dtls = p.Dtls! with { RemoteId = number.ToString(CultureInfo.InvariantCulture) },
    });
}

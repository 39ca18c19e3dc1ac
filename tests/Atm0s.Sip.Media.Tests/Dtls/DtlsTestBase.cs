using System.Net;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Tests.Mixing;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>A world with a provider, and phones that are cleared away.</summary>
public abstract class DtlsTestBase
{
    private readonly List<SecurePhone> _phones = [];

    private protected MediaWorld World { get; private set; } = null!;

    private protected DtlsProvider Provider { get; private set; } = null!;

    /// <summary>Time to the first repetition of ours.</summary>
    protected virtual TimeSpan Retransmission => TimeSpan.FromSeconds(1);

    [SetUp]
    public void SetUp()
    {
        World = new MediaWorld(TimeSpan.FromMinutes(5));
        Provider = new DtlsProvider(new DtlsOptions
        {
            HandshakeTimeout = TimeSpan.FromMinutes(1), RetransmissionTime = Retransmission, MaxHandshakesPerSecond = 1000,
        });
    }

    [TearDown]
    public void TearDown()
    {
        foreach (var phone in _phones)
            phone.Dispose();
        _phones.Clear();
        World.Dispose();
    }

    private protected SecurePhone Add(
        bool peerIsClient = true,
        bool ice = false,
        IndependentPeer? peer = null,
        Func<RtpLegParameters, RtpLegParameters>? change = null,
        IPAddress? address = null,
        int port = 4000)
    {
        var at = new IPEndPoint(address ?? new IPAddress([10, 0, 2, (byte)(_phones.Count + 1)]), port);
        var phone = new SecurePhone(World, at, peer ?? new IndependentPeer(peerIsClient), Provider, peerIsClient, ice);
        _phones.Add(phone);
        phone.Parameters = change?.Invoke(phone.Parameters) ?? phone.Parameters;
        phone.Start();
        return phone;
    }

    private protected static double Level(WavFile heard, double hertz) =>
        heard.End(TimeSpan.FromSeconds(0.5)).Measure(hertz).Levels[hertz];
}

using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>A call of two sockets: signalling, and a tone both ways.</summary>
internal sealed partial class GoodCall : IAsyncDisposable
{
    private const int Frame = 160;
    private static readonly SrtpSuite Suite = SrtpSuite.All.Single(suite => suite.Name == "AES_CM_128_HMAC_SHA1_80");
    private const double Loud = PhoneOptions.ToneDbfs - 6; // dBFS
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly byte[]? _key;

    /// <summary>Prepares a call.</summary>
    /// <param name="name">User name.</param>
    /// <param name="server">Where the server listens.</param>
    /// <param name="hz">The tone it says.</param>
    /// <param name="host">Where its audio is; null is 127.0.0.1.</param>
    /// <param name="behindProxy">Whether its signalling looks passed on by a proxy.</param>
    /// <param name="isSecure">Whether its audio is encrypted.</param>
    public GoodCall(
        string name, IPEndPoint server, double hz, IPAddress? host = null, bool behindProxy = false, bool isSecure = false)
    {
        _key = isSecure ? RandomNumberGenerator.GetBytes(Suite.KeyLength + Suite.SaltLength) : null;
        Audio = new UdpAudio(host, hz, PhoneOptions.ToneDbfs);
        Phone = new UdpPhone(name, server) { IsBehindProxy = behindProxy };
        (Name, Hz) = (name, hz);
    }

    /// <summary>Its signalling.</summary>
    public UdpPhone Phone { get; }

    /// <summary>Its audio.</summary>
    public UdpAudio Audio { get; }

    /// <summary>Its user name.</summary>
    public string Name { get; }

    /// <summary>The tone it says.</summary>
    public double Hz { get; }

    /// <summary>Whether its audio is encrypted, with keys in the descriptions (RFC 4568).</summary>
    public bool IsSecure => _key is not null;

    /// <summary>Its offer.</summary>
    /// <param name="more">More attributes of the stream, without "a=".</param>
    public string Offer(params string[] more)
    {
        string[] crypto = _key is null ? [] : [$"crypto:1 {Suite.Name} inline:{Convert.ToBase64String(_key)}"];
        return UdpPhone.Sdp(Audio.LocalEndPoint, "8 101", ["rtpmap:101 telephone-event/8000", .. crypto, .. more]);
    }

    /// <summary>Where the server hears it.</summary>
    public IPEndPoint ServerAudio { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Calls a room, and speaks.</summary>
    public async Task JoinAsync(string room, UdpAudioClock clock, bool speak = true) =>
        Assert.That(await TryJoinAsync(room, clock, speak), Is.EqualTo(200), Name);

    /// <summary>Calls a room.</summary>
    /// <returns>The status of the answer; only with 200 it is in.</returns>
    public async Task<int> TryJoinAsync(string room, UdpAudioClock clock, bool speak = true)
    {
        var answer = await Phone.InviteAsync(room, Offer());
        if (answer.Status != 200)
            return answer.Status;
        ServerAudio = UdpPhone.AudioOf(answer);
        if (_key is not null)
            Audio.Secure(KeyOf(_key), KeyOf(Convert.FromBase64String(Inline().Match(answer.Body).Groups[1].Value)));
        clock.Add(Audio);
        if (speak)
            Audio.SendTo(ServerAudio);
        return 200;
    }

    /// <summary>Offers a direction: sendrecv, sendonly, inactive.</summary>
    public async Task OfferAsync(string direction)
    {
        var answer = await Phone.ReinviteAsync(Offer(direction));
        Assert.That(answer.Status, Is.EqualTo(200), $"{Name} {direction}");
    }

    /// <summary>
    /// Waits until it has heard a second of the other's tone, from now on, in frames of 20 ms. Not in a row: the phones are a thread of
    /// this
    /// process, which a loaded machine holds up, and then there are holes that nobody is to blame for. Who is cut off hears nothing at all.
    /// </summary>
    public async Task HearsAsync(GoodCall other)
    {
        var (next, heard, seen) = (Audio.HeardSamples, 0, 0);
        for (var end = DateTime.UtcNow + Limit; heard < 50; await Task.Delay(100))
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(end), $"{Name} heard {other.Name} in {heard} of {seen} frames");
            foreach (var frame in Audio.Heard(next).Samples.Chunk(Frame).Where(frame => frame.Length == Frame))
            {
                next += Frame;
                seen++;
                if (FrameLevel.At(frame, other.Hz) > Loud)
                    heard++;
            }
        }
    }

    /// <summary>Waits for so many packets in all.</summary>
    public async Task GetsAsync(int packets)
    {
        for (var end = DateTime.UtcNow + Limit; Audio.Received < packets; await Task.Delay(20))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), $"{Name} got {Audio.Received} packets");
    }

    /// <summary>Frames of 20 ms in which a tone was heard.</summary>
    public int FramesWith(double hz, double dbfs) => Audio.Heard().Samples.Chunk(Frame).Count(frame => FrameLevel.At(frame, hz) > dbfs);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Phone.DisposeAsync();
        Audio.Dispose();
    }

    [GeneratedRegex("a=crypto:1 [A-Z0-9_]+ inline:([A-Za-z0-9+/=]+)")]
    private static partial Regex Inline();

    private static SrtpKey KeyOf(byte[] both) => new(Suite, both.AsSpan(0, Suite.KeyLength), both.AsSpan(Suite.KeyLength));
}

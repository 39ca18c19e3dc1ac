using System.Net;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scenarios;
using Atm0s.Sip.Interop.Torture;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>
/// Attacks and faults beside twenty good calls, ten rooms of two: what the good ones hear is the result, not only that the server lives.
/// </summary>
public abstract class AttackTest : InteropTest
{
    private const int Rooms = 10;
    private readonly List<GoodCall> _good = [];

    /// <summary>The server.</summary>
    internal RoomServerProcess Server { get; private set; } = null!;

    /// <summary>Its control API.</summary>
    internal ControlApi Control { get; private set; } = null!;

    /// <summary>Where its web server listens.</summary>
    internal IPEndPoint Web => new(IPAddress.Loopback, Control.Url.Port);

    /// <summary>Drives all phones.</summary>
    internal UdpAudioClock Clock { get; private set; } = null!;

    /// <summary>Starts a server and the good calls, and waits until all hear each other.</summary>
    internal async Task StartAsync(params string[] options)
    {
        (Server, Control) = await ServerWithControlAsync(options);
        Clock = Keep(new UdpAudioClock());
        for (var i = 0; i < 2 * Rooms; i++)
            _good.Add(Keep(new GoodCall($"good{i}", Server.Udp, 400 + (150 * i))));
        await Task.WhenAll(_good.Select((call, i) => call.JoinAsync($"open-good{i / 2}", Clock)));
        await GoodCallsHearEachOtherAsync();
    }

    /// <summary>Waits until each good call hears the other one of its room, from now on.</summary>
    internal async Task GoodCallsHearEachOtherAsync()
    {
        await Task.WhenAll(_good.Select((call, i) => call.HearsAsync(_good[i ^ 1])));
        using var wire = new Wire(new IPEndPoint(IPAddress.Loopback, 0), Server.Udp);
        var pong = await wire.PingAsync(Soon);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_good.Where(call => call.Phone.HasEnded), Is.Empty, "good calls that were ended");
            Assert.That(_good.Sum(call => call.Audio.Lost), Is.Zero, "packets missing in what the good calls got");
            Assert.That(pong, Does.StartWith("SIP/2.0 200 "));
        }
    }

    /// <summary>Makes a call that is not one of the good ones.</summary>
    internal GoodCall NewCall(string name, double hz, IPAddress? host = null, bool behindProxy = false, bool isSecure = false) =>
        Keep(new GoodCall(name, Server.Udp, hz, host, behindProxy, isSecure));
}

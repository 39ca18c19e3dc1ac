using System.Globalization;
using System.Net;
using System.Reflection;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.MediaQuality.Wire;

/// <summary>samples/RoomServer, called by SIP.</summary>
internal sealed class RoomServerBridge : IBridge
{
    private readonly ServerProcess _process;
    private readonly IPEndPoint _sip;
    private readonly List<UdpPhone> _phones = [];

    private RoomServerBridge(ServerProcess process, IPEndPoint sip) => (_process, _sip) = (process, sip);

    public string Name => "RoomServer";

    public int ProcessId => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="core">The only processor it may run on; null is any.</param>
    public static async Task<RoomServerBridge> StartAsync(int? core)
    {
        var dll = typeof(RoomServerBridge).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(data => data.Key == "RoomServer").Value!;
        var sip = new IPEndPoint(IPAddress.Loopback, FreePort.Take());
        var rtp = 20_000 + (FreePort.Take() % 5_000 * 2);
        var process = ServerProcess.Start(core, "dotnet",
            dll, "--listen", $"udp://{sip}", "--open-rooms", "room-", "--trust", "127.0.0.0/8", "--media-timeout", "0",
            "--rtp-ports", string.Create(CultureInfo.InvariantCulture, $"{rtp}-{rtp + 1999}"));
        await process.WaitForAsync(line => line.Contains(" ready ", StringComparison.Ordinal));
        return new RoomServerBridge(process, sip);
    }

    public bool Speaks(IAudioCodec codec) => true;

    public async Task<IPEndPoint> JoinAsync(int room, int rate, IAudioCodec codec, IPEndPoint phone)
    {
        ArgumentNullException.ThrowIfNull(codec);
        var type = Codecs.PayloadType(codec);
        var caller = new UdpPhone($"phone{_phones.Count}", _sip);
        _phones.Add(caller);
        var answer = await caller.InviteAsync(
            $"room-{room}",
            UdpPhone.Sdp(phone, $"{type}", $"rtpmap:{type} {codec.Name}/{codec.ClockRate}{(codec.Channels > 1 ? "/2" : "")}", "ptime:20"));
        if (answer.Status != 200)
            throw new InvalidOperationException($"RoomServer answered {answer.StartLine}");
        return UdpPhone.AudioOf(answer);
    }

    public async Task ClearAsync()
    {
        foreach (var phone in _phones)
        {
            if (!phone.HasEnded)
                await phone.ByeAsync();
            await phone.DisposeAsync();
        }

        _phones.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await ClearAsync();
        await _process.DisposeAsync();
    }
}

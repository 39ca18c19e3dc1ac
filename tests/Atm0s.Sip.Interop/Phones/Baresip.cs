using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Phones;

/// <summary>baresip without a sound card: plays a tone, records what it hears, obeys over TCP.</summary>
public sealed partial class Baresip : IListeningPhone, IAsyncDisposable
{
    private const string Modules = "/usr/lib/baresip/modules";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly PortRange _rtp;
    private readonly TempFolder _folder;
    private readonly ChildProcess _process;
    private readonly BaresipControl _control;

    private Baresip(PhoneOptions options, int sipPort, PortRange rtp, TempFolder folder, ChildProcess process, BaresipControl control)
    {
        Options = options;
        Uri = $"sip:{options.User}@127.0.0.1:{sipPort};transport={options.Transport}";
        _rtp = rtp;
        _folder = folder;
        _process = process;
        _control = control;
    }

    /// <inheritdoc/>
    public PhoneOptions Options { get; }

    /// <summary>Where it can be called without a server.</summary>
    public string Uri { get; }

    /// <summary>Its process.</summary>
    public ChildProcess Process => _process;

    /// <summary>Events: <c>TYPE parameter</c>, such as CALL_ESTABLISHED.</summary>
    public LineLog Events => _control.Events;

    /// <summary>Starts it and creates its account, which registers unless told otherwise.</summary>
    public static async Task<Baresip> StartAsync(PhoneOptions options)
    {
        Prerequisites.Require("baresip");
        var folder = new TempFolder();
        int sip = FreePorts.Take(2), control = FreePorts.Take();
        var rtp = FreePorts.Range(20);
        Directory.CreateDirectory(folder["rec"]);
        options.Tone().Write(folder["tone.wav"]);
        await File.WriteAllTextAsync(folder["config"], Config(options, folder, sip, control, rtp));
        await File.WriteAllTextAsync(folder["contacts"], "");
        await File.WriteAllTextAsync(folder["accounts"], "");
        await File.WriteAllTextAsync(folder["uuid"], $"00000000-0000-4000-8000-{sip:D12}"); // a line end would go into Contact
        var process = ChildProcess.Start(options.User, "baresip", ["-f", folder.Path], folder.Path);
        try
        {
            var connection = await BaresipControl.ConnectAsync(options.User, new IPEndPoint(IPAddress.Loopback, control), process);
            var phone = new Baresip(options, sip, rtp, folder, process, connection);
            await connection.CommandAsync("uanew", Account(options));
            return phone;
        }
        catch
        {
            await process.DisposeAsync();
            await rtp.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the server took its registration. When the server is too busy (503), it tries again within a minute.</summary>
    public async Task RegisteredAsync()
    {
        var line = await Events.WaitAsync(line => line.StartsWith("REGISTER_", StringComparison.Ordinal), "REGISTER_OK", Soon);
        if (line.StartsWith("REGISTER_FAIL 503", StringComparison.Ordinal))
            await Events.WaitAsync(IsRegistered, "REGISTER_OK", TimeSpan.FromMinutes(2));
        else
            Assert.That(IsRegistered(line), line);

        static bool IsRegistered(string line) => line.StartsWith("REGISTER_OK", StringComparison.Ordinal);
    }

    /// <summary>Calls a user or a room of the server.</summary>
    public Task DialAsync(string user) => DialUriAsync($"sip:{user}@{Options.Server};transport={Options.Transport}");

    /// <summary>Calls an address.</summary>
    public Task DialUriAsync(string uri) => _control.CommandAsync("dial", uri);

    /// <summary>Answers.</summary>
    public Task AcceptAsync() => _control.CommandAsync("accept", "");

    /// <summary>Hangs up, gives up, or rejects with 486, as fits.</summary>
    public Task HangUpAsync() => _control.CommandAsync("hangup", "");

    /// <summary>Puts the call on hold; it sends nothing then.</summary>
    public Task HoldAsync() => _control.CommandAsync("hold", "");

    /// <summary>Takes the call off hold.</summary>
    public Task ResumeAsync() => _control.CommandAsync("resume", "");

    /// <summary>Sends the one it speaks with to a user of the server (REFER).</summary>
    public Task TransferAsync(string user) =>
        _control.CommandAsync("transfer", $"sip:{user}@{Options.Server};transport={Options.Transport}");

    /// <summary>Presses a key (RFC 4733).</summary>
    public Task PressAsync(char key) => _control.CommandAsync("sndcode", key.ToString());

    /// <summary>Bits per second of audio that it got lately, headers left out; 0 before it knows.</summary>
    public int ReceivedBitrate() =>
        _process.Errors.Lines.LastOrDefault(line => Bitrate().IsMatch(line)) is { } last
            ? int.Parse(Bitrate().Matches(last)[^1].Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : 0;

    /// <summary>Lets it go: it takes its registration back and ends.</summary>
    public void Leave() => _process.Terminate();

    /// <summary>Waits for an event such as CALL_ESTABLISHED; its line.</summary>
    public Task<string> WaitAsync(string type, TimeSpan? timeout = null) =>
        Events.WaitAsync(line => line.Split(' ')[0] == type, type, timeout ?? Soon);

    /// <inheritdoc/>
    public ValueTask<WavFile> RecordedAsync() => ValueTask.FromResult(Recorded());

    /// <summary>All that it has heard in its only call.</summary>
    public WavFile Recorded()
    {
        var files = Directory.GetFiles(_folder["rec"], "*-dec.wav");
        Assert.That(files, Has.Length.LessThanOrEqualTo(1), $"recordings of {Options.User}");
        return files is [var file] ? WavFile.ReadGrowing(file) : WavFile.Silence;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _control.DisposeAsync();
        await _rtp.DisposeAsync();
        _folder.Dispose();
    }

    // Its display: "[0:00:05] audio=64000/64000 (bit/s)", sent and received.
    [GeneratedRegex(@"audio=\d+/(\d+)")]
    private static partial Regex Bitrate();

    private static string Account(PhoneOptions options)
    {
        var codec = options.Codec == "opus" ? "opus/48000/1" : options.Codec;
        var answer = options.AutoAnswer ? ";answermode=auto" : "";
        var encryption = options.Encryption is { } kind ? $";mediaenc={kind}" : "";
        var path = options.HasIce ? ";medianat=ice" : "";
        return $"<sip:{options.User}@{options.Server};transport={options.Transport}>;auth_user={options.User}" +
            $";auth_pass={options.Password ?? "pw-" + options.User};regint={(options.Register ? 60 : 0)}" +
            $";audio_codecs={codec};ptime={options.PacketTime}{answer}{encryption}{path}";
    }

    private static string Config(PhoneOptions options, TempFolder folder, int sip, int control, PortRange rtp) => $"""
        poll_method epoll
        sip_listen 127.0.0.1:{sip}
        {(options.TrustedRoots is { } roots ? $"sip_cafile {roots}" : "")}
        net_interface 127.0.0.1
        call_local_timeout 60
        call_max_calls 4
        audio_player aubridge,sink
        audio_source aufile,{folder["tone.wav"]}
        audio_alert aubridge,alert
        ausrc_srate {options.SampleRate}
        auplay_srate {options.SampleRate}
        ausrc_channels 1
        auplay_channels 1
        ausrc_format s16
        auplay_format s16
        rtp_ports {rtp}
        rtcp_mux {(options.RtcpMux ? "yes" : "no")}
        jitter_buffer_delay 5-10
        opus_bitrate {options.OpusBitrate}
        opus_stereo no
        opus_sprop_stereo no
        module_path {Modules}
        module g711.so
        module g722.so
        module opus.so
        module aufile.so
        module aubridge.so
        module sndfile.so
        module uuid.so
        module srtp.so
        module dtls_srtp.so
        module stun.so
        module ice.so
        module_app account.so
        module_app contact.so
        module_app menu.so
        module_app ctrl_tcp.so
        ctrl_tcp_listen 127.0.0.1:{control}
        snd_path {folder["rec"]}

        """;
}

using System.Net;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Phones;

/// <summary>linphonec with WAV files for a sound card; obeys on its standard input.</summary>
public sealed class Linphone : IListeningPhone, IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Part = TimeSpan.FromSeconds(4);
    private readonly TempFolder _folder;
    private readonly ChildProcess _process;
    private int _file;

    private Linphone(PhoneOptions options, TempFolder folder, ChildProcess process)
    {
        Options = options;
        _folder = folder;
        _process = process;
    }

    /// <inheritdoc/>
    public PhoneOptions Options { get; }

    /// <summary>Its process.</summary>
    public ChildProcess Process => _process;

    /// <summary>Starts it; it registers by itself, which only the server tells.</summary>
    public static async Task<Linphone> StartAsync(PhoneOptions options)
    {
        Prerequisites.Require("linphonec");
        var folder = new TempFolder();
        Directory.CreateDirectory(folder[".local/share/linphone"]); // it stops at once without them
        Directory.CreateDirectory(folder[".config/linphone"]);
        options.Tone().Write(folder["tone.wav"]);
        await System.IO.File.WriteAllTextAsync(folder["rc"], Config(options, FreePorts.Take(2), FreePorts.Take(2)));
        string[] arguments = ["-c", folder["rc"], "-d", "6", "-l", folder["log"], .. options.AutoAnswer ? new[] { "-a" } : []];
        var process = ChildProcess.Start(
            options.User, "linphonec", arguments, folder.Path, new Dictionary<string, string> { ["HOME"] = folder.Path });
        var phone = new Linphone(options, folder, process);
        await phone.CommandAsync("soundcard use files");
        await phone.CommandAsync($"play {folder["tone.wav"]}");
        await phone.CommandAsync($"record {phone.File(0)}");
        return phone;
    }

    /// <summary>Calls a user or a room of the server.</summary>
    public Task DialAsync(string user) => CommandAsync($"call sip:{user}@{Options.Server};transport={Options.Transport}");

    /// <summary>Answers.</summary>
    public Task AnswerAsync() => CommandAsync("answer");

    /// <summary>Hangs up.</summary>
    public Task HangUpAsync() => CommandAsync("terminate");

    /// <summary>Puts its call on hold.</summary>
    public Task PauseAsync() => CommandAsync("pause");

    /// <summary>Sends the one it speaks with to a user of the server (REFER).</summary>
    public Task TransferAsync(string user) => CommandAsync($"transfer sip:{user}@{Options.Server}");

    /// <summary>Connects the others of two of its calls with each other (REFER with Replaces); it counts them from 1.</summary>
    public Task TransferAsync(int call, int toCall) => CommandAsync($"transfer {call} --to-call {toCall}");

    /// <summary>Plays the tone again, from its beginning: a call in progress needs that.</summary>
    public Task PlayAsync() => CommandAsync($"play {_folder["tone.wav"]}");

    /// <summary>Waits for a line with all these parts.</summary>
    public Task<string> WaitAsync(params string[] parts) =>
        _process.Output.WaitAsync(
            line => parts.All(part => line.Contains(part, StringComparison.Ordinal)), string.Join(" ... ", parts), Soon);

    /// <summary>The last few seconds: a file is whole when the next one was begun.</summary>
    public async ValueTask<WavFile> RecordedAsync()
    {
        await CommandAsync($"record {File(++_file)}");
        await Task.Delay(Part);
        await CommandAsync($"record {File(_file + 1)}");
        for (var end = DateTime.UtcNow + Soon; DateTime.UtcNow < end && !System.IO.File.Exists(File(_file + 1));)
            await Task.Delay(Part / 20);
        return System.IO.File.Exists(File(_file)) ? WavFile.ReadGrowing(File(_file)) : WavFile.Silence;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private string File(int number) => _folder[$"heard{number}.wav"];

    private async Task CommandAsync(string command)
    {
        await _process.Input.WriteLineAsync(command);
        await _process.Input.FlushAsync();
    }

    // A .local domain would be looked up by mDNS: the route says where it is. A TLS port of 0 would leave no port at all.
    // Its mbedtls knows no addresses in certificates: whose it is can't be checked where the server has no name.
    private static string Config(PhoneOptions options, int sip, int rtp) => $"""
        [sip]
        bind_address=127.0.0.1
        sip_port={sip}
        sip_tcp_port={sip}
        sip_tls_port={(options.Transport == "tls" ? sip + 1 : -1)}
        {(options.TrustedRoots is { } roots ? $"root_ca={roots}\nverify_server_certs=1\nverify_server_cn=0" : "")}
        guess_hostname=0
        contact="{options.User}" <sip:{options.User}@127.0.0.1:{sip}>
        register_only_when_network_is_up=0
        auto_net_state_mon=0
        verify_server_certs=0
        verify_server_cn=0
        media_encryption={options.Encryption ?? "none"}
        media_encryption_mandatory={(options.Encryption is null ? 0 : 1)}
        ipv6_migration_done=1
        use_ipv6=0
        default_proxy=0
        [net]
        firewall_policy=0
        mtu=1300
        [rtp]
        audio_rtp_port={rtp}
        upload_ptime={options.PacketTime}
        download_ptime={options.PacketTime}
        bind_address=127.0.0.1
        [sound]
        local_ring=
        remote_ring=
        echocancellation=0
        [misc]
        uuid=00000000-0000-4000-8000-{sip:D12}
        [audio_codec_0]
        mime=opus
        rate=48000
        channels=2
        enabled={(options.Codec == "opus" ? 1 : 0)}
        [audio_codec_1]
        mime=PCMA
        rate=8000
        channels=1
        enabled={(options.Codec == "PCMA" ? 1 : 0)}
        [audio_codec_2]
        mime=PCMU
        rate=8000
        channels=1
        enabled={(options.Codec == "PCMU" ? 1 : 0)}
        [audio_codec_3]
        mime=G722
        rate=8000
        channels=1
        enabled={(options.Codec == "G722" ? 1 : 0)}
        [video]
        enabled=0
        [proxy_0]
        reg_proxy=<sip:{options.Server};transport={options.Transport}>
        reg_identity=sip:{options.User}@test.local
        reg_route=<sip:{options.Server};transport={options.Transport};lr>
        reg_expires=60
        reg_sendregister=1
        publish=0
        [auth_info_0]
        username={options.User}
        passwd=pw-{options.User}
        realm=test.local
        domain=test.local

        """;
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Phones;

/// <summary>The ctrl_tcp connection of a baresip: JSON in netstrings. It takes one connection, so this is it.</summary>
internal sealed class BaresipControl : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(20);
    private readonly Socket _socket;
    private readonly LineLog _answers;
    private readonly Task _reading;
    private int _token;

    private BaresipControl(string name, Socket socket)
    {
        _socket = socket;
        Events = new LineLog(name + " event");
        _answers = new LineLog(name + " answer");
        _reading = ReadAsync();
    }

    /// <summary>Events: type, space, parameter.</summary>
    public LineLog Events { get; }

    /// <summary>Connects as soon as the process listens.</summary>
    public static async Task<BaresipControl> ConnectAsync(string name, IPEndPoint address, ChildProcess process)
    {
        using var expiry = new CancellationTokenSource(Timeout);
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, expiry.Token);
                return new BaresipControl(name, socket);
            }
            catch (SocketException) when (!expiry.IsCancellationRequested)
            {
                socket.Dispose();
                await Task.Delay(Retry); // until it listens: a poll of a real socket
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                socket.Dispose();
                throw new AssertionException($"{name} does not listen on {address}\n{process.Output}\n{process.Errors}");
            }
        }
    }

    /// <summary>A command of baresip's menu; fails when baresip says so.</summary>
    public async Task CommandAsync(string command, string parameters)
    {
        var token = $"t{++_token}";
        var json = JsonSerializer.SerializeToUtf8Bytes(new { command, @params = parameters, token });
        byte[] frame = [.. Encoding.ASCII.GetBytes($"{json.Length}:"), .. json, (byte)','];
        await _socket.SendAsync(frame);
        var answer = await _answers.WaitAsync(line => line.StartsWith(token + ' ', StringComparison.Ordinal), command, Timeout);
        if (!answer.StartsWith(token + " ok", StringComparison.Ordinal))
            throw new AssertionException($"{command} {parameters}: {answer}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        var used = 0;
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(used)) is > 0 and var count)
            {
                used += count;
                int colon;
                while ((colon = buffer.AsSpan(0, used).IndexOf((byte)':')) > 0)
                {
                    var end = colon + 1 + int.Parse(buffer.AsSpan(0, colon));
                    if (used <= end)
                        break;
                    Take(buffer.AsSpan(colon + 1, end - colon - 1));
                    buffer.AsSpan(end + 1, used - end - 1).CopyTo(buffer);
                    used -= end + 1;
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It ended, or we did.
        }

        Events.Close("the connection ended");
        _answers.Close("the connection ended");
    }

    private void Take(ReadOnlySpan<byte> json)
    {
        var node = JsonNode.Parse(Encoding.Latin1.GetString(json))!;
        if (node["event"] is not null)
            Events.Add($"{node["type"]} {node["param"]}");
        else
            _answers.Add($"{node["token"]} {((bool?)node["ok"] == true ? "ok" : "failed")} {node["data"]}");
    }
}

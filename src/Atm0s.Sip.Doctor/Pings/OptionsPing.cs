using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Doctor.Pings;

/// <summary>One OPTIONS over a socket of its own; repeated over UDP (RFC 3261 §17.1.2.2).</summary>
internal sealed class OptionsPing : ITrunkPing
{
    private const int MaxAnswer = 65_535;
    private static readonly TimeSpan T1 = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time = TimeProvider.System;

    public async Task<PingResult> PingAsync(PingTarget target, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var status = target.Protocol == SipTransportProtocol.Udp
                ? await AskAsync(target, both.Token).ConfigureAwait(false)
                : await AskOverStreamAsync(target, both.Token).ConfigureAwait(false);
            return new PingResult(status, _time.GetElapsedTime(start), status == 0 ? "it answers, but not in SIP" : null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PingResult(0, timeout, $"no answer within {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
        catch (AuthenticationException exception)
        {
            return new PingResult(0, _time.GetElapsedTime(start), exception.Message, IsRefusedByTls: true);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return new PingResult(0, _time.GetElapsedTime(start), exception.Message);
        }
    }

    /// <summary>Status code of a response to the request with a branch; null when it is none.</summary>
    internal static int? StatusOf(ReadOnlySpan<byte> bytes, string branch)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.StartsWith("SIP/2.0 ", StringComparison.OrdinalIgnoreCase) && text.Length >= 11
            && text.Contains(branch, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(8, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
                ? status
                : null;
    }

    private async Task<int> AskAsync(PingTarget target, CancellationToken cancellationToken)
    {
        using var udp = new UdpClient(target.EndPoint.AddressFamily);
        // Connected: the system tells when there is nobody (ICMP).
        udp.Connect(target.EndPoint);
        var (request, branch) = Request(target, (IPEndPoint)udp.Client.LocalEndPoint!);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var repeating = RepeatAsync(udp, request, done.Token);
        try
        {
            while (true)
            {
                var answer = await udp.ReceiveAsync(done.Token).ConfigureAwait(false);
                if (StatusOf(answer.Buffer, branch) is { } status and >= 200)
                    return status;
            }
        }
        finally
        {
            await done.CancelAsync().ConfigureAwait(false);
            await repeating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RepeatAsync(UdpClient udp, byte[] request, CancellationToken cancellationToken)
    {
        for (var wait = T1; ; wait *= 2)
        {
            await udp.SendAsync(request, cancellationToken).ConfigureAwait(false);
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<int> AskOverStreamAsync(PingTarget target, CancellationToken cancellationToken)
    {
        using var tcp = new TcpClient(target.EndPoint.AddressFamily);
        await tcp.ConnectAsync(target.EndPoint, cancellationToken).ConfigureAwait(false);
        var (request, branch) = Request(target, (IPEndPoint)tcp.Client.LocalEndPoint!);
        await using var stream = target.Peer is null
            ? tcp.GetStream()
            : await TlsPing.SecureAsync(tcp.GetStream(), target, _time, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        var answer = new byte[MaxAnswer];
        for (var length = 0; length < answer.Length;)
        {
            var read = await stream.ReadAsync(answer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                break;
            length += read;
            // A provisional response is passed over: what ends with an empty line is looked at from the last status line on.
            var last = answer.AsSpan(0, length).LastIndexOf("SIP/2.0 "u8);
            if (last >= 0 && answer.AsSpan(last, length - last).IndexOf("\r\n\r\n"u8) >= 0
                && LineStart(answer, last) && StatusOf(answer.AsSpan(last, length - last), branch) is { } status and >= 200)
                return status;
        }

        return 0;
    }

    private static bool LineStart(byte[] answer, int at) => at == 0 || answer[at - 1] == (byte)'\n';

    private static (byte[] Request, string Branch) Request(PingTarget target, IPEndPoint local)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var branch = $"z9hG4bK{id}";
        var protocol = target.Protocol.ToString().ToUpperInvariant();
        var text = $"OPTIONS {target.Uri} SIP/2.0\r\nVia: SIP/2.0/{protocol} {local};branch={branch};rport\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:doctor@{local}>;tag={id}\r\nTo: <{target.Uri}>\r\nCall-ID: {id}\r\nCSeq: 1 OPTIONS\r\n"
            + $"Contact: <sip:doctor@{local};transport={protocol.ToLowerInvariant()}>\r\nAccept: application/sdp\r\n"
            + "User-Agent: sip-doctor\r\nContent-Length: 0\r\n\r\n";
        return (Encoding.UTF8.GetBytes(text), branch);
    }
}

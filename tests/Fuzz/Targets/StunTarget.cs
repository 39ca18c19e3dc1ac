using System.Net;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Stun;

namespace Atm0s.Sip.Fuzz.Targets;

/// <summary>
/// Datagrams of STUN to a lite agent. The input is a list of datagrams, each with two bytes of length before it; the first byte of each
/// datagram chooses its source, and whether it is made authentic, for behind MESSAGE-INTEGRITY a fuzzer does not get.
/// </summary>
internal sealed class StunTarget : FuzzTarget
{
    private const int MaxDatagrams = 64;

    private static readonly IceParameters Parameters = new()
    {
        LocalUfrag = "ours", LocalPassword = "VOkJxbRl1RmTxUk/WvJxBt", RemoteUfrag = "peer", RemotePassword = "peers-password-peers-pass",
    };

    public override string Name => "stun";

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (var sample in SeedFiles.Read("stun"))
            yield return [(byte)(sample.Length >> 8), (byte)sample.Length, .. sample];
        yield return [0, 1, 1, 0, 1, 129, 0, 2, 200, 7];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var agent = new IceAgent(new IceSession(Parameters, IceCandidate.Rtp));
        var response = new byte[IceAgent.MaxResponse];
        var now = TimeSpan.FromSeconds(1);
        for (var i = 0; i < MaxDatagrams && input.Length > 2; i++)
        {
            var length = Math.Min((input[0] << 8) | input[1], input.Length - 2);
            var datagram = input.Slice(2, length);
            input = input[(2 + length)..];
            now += TimeSpan.FromMilliseconds(20);
            Take(agent, datagram, response, now);
            if (length > 0 && datagram[0] >= 128)
                Take(agent, Authentic(datagram[1..]), response, now);
            agent.LosesConsent(now);
        }
    }

    private static void Take(IceAgent agent, ReadOnlySpan<byte> datagram, byte[] response, TimeSpan now)
    {
        var source = MediaAddress.From(new IPEndPoint(IPAddress.Loopback, 1024 + (datagram.IsEmpty ? 0 : datagram[^1])));
        var verdict = agent.OnDatagram(datagram, source, now, response, out var length);
        Must((length > 0) == (verdict is IceVerdict.Answered or IceVerdict.Refused), "What is authentic is answered, and nothing else.");
        Must(length == 0 || StunMessage.TryParse(response.AsSpan(0, length), out _), "An answer can be read.");
        if (StunMessage.TryParse(datagram, out var message))
            _ = (message.ErrorCode, message.MappedAddress, message.IsFingerprintRight(), message.Software.Length);
    }

    // A check with attributes of the input's choice.
    private static byte[] Authentic(ReadOnlySpan<byte> attributes)
    {
        var buffer = new byte[1400];
        var writer = new StunWriter(buffer, StunClass.Request, new byte[StunFormat.TransactionLength]);
        writer.Write(StunAttribute.Username, "ours:peer"u8);
        for (var i = 0; i < 16 && attributes.Length >= 3; i++)
        {
            var length = Math.Min(attributes[2] & 63, attributes.Length - 3);
            writer.Write((StunAttribute)((attributes[0] << 8) | attributes[1]), attributes.Slice(3, length));
            attributes = attributes[(3 + length)..];
        }

        writer.WriteIntegrity("VOkJxbRl1RmTxUk/WvJxBt"u8);
        writer.WriteFingerprint();
        return buffer[..writer.Length];
    }
}

using System.Text;
using Atm0s.Sip.WebSockets.Tests.Hosts;

namespace Atm0s.Sip.WebSockets.Tests.Frames;

/// <summary>Frames that no browser sends (RFC 6455 §5, §7.4.1).</summary>
public sealed class FrameTests
{
    private const int MaxMessage = 65_535;

    [Test]
    public async Task Frame_LargerThanAMessage_Is1009() => Assert.That(await CloseOfAsync([RawSocket.Frame(0x81, Blank(MaxMessage + 1))]), Is.EqualTo(1009));

    [Test]
    public async Task Frame_DeclaredHuge_IsNotWaitedFor()
    {
        var head = RawSocket.Frame(0x82, Blank(70_000), declared: 1L << 40);
        Assert.That(await CloseOfAsync([head]), Is.EqualTo(1009));
    }

    [Test]
    public async Task Fragments_LargerThanAMessage_Are1009()
    {
        var frames = Enumerable.Range(0, 70).Select(i => RawSocket.Frame((byte)(i == 0 ? 0x01 : 0x00), Blank(1000)));
        Assert.That(await CloseOfAsync(frames), Is.EqualTo(1009));
    }

    [Test]
    public async Task Fragments_WithoutContent_EndTheConnection()
    {
        var frames = Enumerable.Range(0, 6000).Select(i => RawSocket.Frame((byte)(i == 0 ? 0x01 : 0x00), Blank(i == 0 ? 1 : 0)));
        Assert.That(await CloseOfAsync(frames), Is.Null.Or.GreaterThan(1000));
    }

    [Test]
    public async Task Frame_WithoutMask_Is1002() => Assert.That(
        await CloseOfAsync([RawSocket.Frame(0x81, Encoding.ASCII.GetBytes(Msg.Options()), isMasked: false)]), Is.EqualTo(1002));

    [TestCase(0xC1, TestName = "Frame_WithReservedBit_Is1002")]
    [TestCase(0x83, TestName = "Frame_OfUnknownKind_Is1002")]
    [TestCase(0x80, TestName = "Frame_ThatContinuesNothing_Is1002")]
    [TestCase(0x09, TestName = "Ping_InFragments_Is1002")]
    public async Task Frame_AgainstTheRules_Is1002(int head) =>
        Assert.That(await CloseOfAsync([RawSocket.Frame((byte)head, "x"u8)]), Is.EqualTo(1002));

    [Test]
    public async Task Ping_LargerThan125Bytes_Is1002() => Assert.That(await CloseOfAsync([RawSocket.Ping(126)]), Is.EqualTo(1002));

    [Test]
    public async Task Text_ThatIsNoUtf8_Is1007() =>
        Assert.That(await CloseOfAsync([RawSocket.Frame(0x81, [0x4F, 0xC3, 0x28])]), Is.EqualTo(1007));

    [Test]
    public async Task Message_InFragmentsWithPingsBetween_IsTaken()
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Port);
        var bytes = Encoding.ASCII.GetBytes(Msg.Options("fragments"));
        await socket.TrySendAsync(RawSocket.Frame(0x01, bytes.AsSpan(0, 10)));
        await socket.TrySendAsync(RawSocket.Ping(5));
        await socket.TrySendAsync(RawSocket.Frame(0x00, bytes.AsSpan(10, 100)));
        await socket.TrySendAsync(RawSocket.Frame(0x80, bytes.AsSpan(110)));
        var frames = new List<(int Opcode, byte[] Payload)>();
        for (var i = 0; i < 2; i++)
            frames.Add((await socket.ReadFrameAsync())!.Value);
        Assert.That(frames.Select(frame => frame.Opcode), Is.EquivalentTo(new[] { 10, 1 }));
        Assert.That(Encoding.ASCII.GetString(frames.Single(frame => frame.Opcode == 1).Payload), Does.StartWith("SIP/2.0 200"));
    }

    private static byte[] Blank(int size) => [.. Enumerable.Repeat((byte)'x', size)];

    private static async Task<int?> CloseOfAsync(IEnumerable<byte[]> frames)
    {
        await using var host = await SipHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Port);
        foreach (var frame in frames)
        {
            if (!await socket.TrySendAsync(frame))
                break;
        }

        return await socket.ReadCloseAsync();
    }
}

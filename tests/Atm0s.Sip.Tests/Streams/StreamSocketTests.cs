using System.Net.Sockets;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Streams;

namespace Atm0s.Sip.Tests.Streams;

/// <summary>What the connection to a program may hold, and how long its machine may be silent.</summary>
public sealed class StreamSocketTests
{
    [Test]
    public void Socket_HasBounds()
    {
        using var socket = BoundedSocket.New(TimeSpan.FromSeconds(7));
        Assert.That(socket.SendBufferSize, Is.InRange(BoundedSocket.SendBuffer, 2 * BoundedSocket.SendBuffer));
        if (!OperatingSystem.IsLinux())
            return;
        var value = new byte[4];
        socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, BoundedSocket.UserTimeout, value);
        Assert.That(BitConverter.ToInt32(value), Is.EqualTo(7000));
    }

    // Made with: printf wss://example.com/media | openssl dgst -sha1 -hmac 12345 -binary | base64
    [Test]
    public void Signature_IsThatOfTheUrl() =>
        Assert.That(StreamSignature.Of(new Uri("wss://example.com/media"), "12345"), Is.EqualTo("7PR3qMkpDyEJtMrVOY/LDyNq8J8="));
}

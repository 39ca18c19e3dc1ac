using System.Net.Sockets;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Transport;

[TestFixture]
[Property("threat", "F6")]
public class AcceptPauseTests
{
    [TestCase(SocketError.TooManyOpenSockets)]
    [TestCase(SocketError.NoBufferSpaceAvailable)]
    [TestCase(SocketError.SocketError)]
    public void OnFailure_WaitsEverLongerUpToASecond(SocketError error)
    {
        var pause = new AcceptPause();

        var waits = Enumerable.Range(0, 7).Select(_ => pause.OnFailure(error).TotalMilliseconds);

        Assert.That(waits, Is.EqualTo(new[] { 50, 100, 200, 400, 800, 1000, 1000 }));
        Assert.That(pause.OnSuccess(), Is.True);
        Assert.That(pause.OnSuccess(), Is.False);
        Assert.That(pause.OnFailure(error), Is.EqualTo(AcceptPause.First));
    }

    [TestCase(SocketError.ConnectionAborted)]
    [TestCase(SocketError.ConnectionReset)]
    [TestCase(SocketError.Interrupted)]
    public void OnFailure_OfTheConnectionAlone_DoesNotWait(SocketError error)
    {
        var pause = new AcceptPause();

        Assert.That(pause.OnFailure(error), Is.EqualTo(TimeSpan.Zero));
        Assert.That(pause.IsPausing, Is.False);
    }
}

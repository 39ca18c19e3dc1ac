using System.Runtime.InteropServices;
using Atm0s.Sip;

namespace RoomServer;

/// <summary>Whoever stops a server that drains a second time does not want to wait: the calls are ended.</summary>
internal sealed class SecondSignal : IDisposable
{
    private readonly SipServer _server;
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public SecondSignal(SipServer server)
    {
        _server = server;
        _registrations =
            [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) == 2)
            _ = _server.StopAsync();
    }
}

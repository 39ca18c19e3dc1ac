namespace Atm0s.Sip.Tests.Calls.Ends;

/// <summary>What ends a call.</summary>
internal enum CallEnding
{
    HostHangsUp,
    PhoneEnds,
    TimeOut,
    Exception,
    ConnectionLost,
    ServerStops,
    RoomRemoved,
    BothAtOnce,
}

using System.Net;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Dtmf;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Keeps what an observer throws away from the tick.</summary>
internal sealed class LegObserver(IRtpLegObserver observer, int port, ILogger logger) : IRtpLegObserver
{
    public void OnLatched(IPEndPoint source)
    {
        try
        {
            observer.OnLatched(source);
        }
        catch (Exception e)
        {
            MediaLog.ObserverFailed(logger, e, port);
        }
    }

    public void OnMediaTimeout()
    {
        try
        {
            observer.OnMediaTimeout();
        }
        catch (Exception e)
        {
            MediaLog.ObserverFailed(logger, e, port);
        }
    }

    public void OnDtmf(DtmfEvent e)
    {
        try
        {
            observer.OnDtmf(e);
        }
        catch (Exception exception)
        {
            MediaLog.ObserverFailed(logger, exception, port);
        }
    }

    public void OnFailed()
    {
        try
        {
            observer.OnFailed();
        }
        catch (Exception e)
        {
            MediaLog.ObserverFailed(logger, e, port);
        }
    }
}

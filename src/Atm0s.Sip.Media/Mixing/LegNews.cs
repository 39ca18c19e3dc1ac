using System.Net;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Dtmf;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>The one way from a leg to its observer. What that throws is logged and does not reach the tick.</summary>
internal sealed class LegNews(IRtpLegObserver observer, int port, ILogger logger)
{
    public void Tell(LegNewsKind kind, IPEndPoint? source = null, DtmfEvent key = default, MediaFailure failure = default)
    {
        try
        {
            switch (kind)
            {
                case LegNewsKind.Latched:
                    observer.OnLatched(source!);
                    break;
                case LegNewsKind.TimedOut:
                    observer.OnMediaTimeout();
                    break;
                case LegNewsKind.Key:
                    observer.OnDtmf(key);
                    break;
                case LegNewsKind.Talking or LegNewsKind.Silent:
                    observer.OnTalking(kind == LegNewsKind.Talking);
                    break;
                case LegNewsKind.Failed:
                    observer.OnFailed();
                    break;
                case LegNewsKind.MediaFailed:
                    observer.OnMediaFailed(failure);
                    break;
            }
        }
        catch (Exception e)
        {
            MediaLog.ObserverFailed(logger, e, port);
        }
    }
}

using System.Net;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>Does not care what happens on a leg.</summary>
internal sealed class Nobody : IRtpLegObserver
{
    public void OnLatched(IPEndPoint source)
    {
    }

    public void OnMediaTimeout()
    {
    }

    public void OnDtmf(DtmfEvent e)
    {
    }
}

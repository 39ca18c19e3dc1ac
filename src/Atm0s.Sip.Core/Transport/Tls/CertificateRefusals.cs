using System.Net;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>Places whose certificates were refused lately: it is said once a minute for each. Any thread.</summary>
internal sealed class CertificateRefusals
{
    private const int Max = 256;

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPEndPoint, TimeSpan> _told = [];

    /// <summary>Whether it is to be said now.</summary>
    /// <param name="place">Where we have connected to.</param>
    /// <param name="now">The time.</param>
    public bool TryTell(IPEndPoint place, TimeSpan now)
    {
        lock (_gate)
        {
            if (_told.TryGetValue(place, out var told) && now - told < Again)
                return false;
            if (_told.Count >= Max)
                _told.Clear();
            _told[place] = now;
            return true;
        }
    }
}

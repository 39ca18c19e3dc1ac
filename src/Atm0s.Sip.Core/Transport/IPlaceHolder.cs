using System.Net;

namespace Atm0s.Sip.Core.Transport;

/// <summary>A connection that somebody else opened, as <see cref="TcpPlaces"/> sees it.</summary>
internal interface IPlaceHolder
{
    /// <summary>Where it comes from.</summary>
    IPAddress Source { get; }

    /// <summary>Whether somebody depends on it.</summary>
    bool IsHeld { get; }

    /// <summary>When the last byte came.</summary>
    TimeSpan LastHeard { get; }
}

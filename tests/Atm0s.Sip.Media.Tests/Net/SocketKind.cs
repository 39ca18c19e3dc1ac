namespace Atm0s.Sip.Media.Tests.Net;

/// <summary>What implements a media socket.</summary>
public enum SocketKind
{
    /// <summary>System calls of Linux.</summary>
    Linux,

    /// <summary>The same in a batch of io_uring.</summary>
    Batched,

    /// <summary>Sockets of .NET.</summary>
    Managed,

    /// <summary>The TestKit.</summary>
    Memory,
}

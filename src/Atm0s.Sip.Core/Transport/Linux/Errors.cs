namespace Atm0s.Sip.Core.Transport.Linux;

/// <summary>Errors of Linux that are not told to anybody.</summary>
internal static class Errors
{
    /// <summary>EINTR: a signal came; try again.</summary>
    public const int Interrupted = 4;

    /// <summary>EAGAIN: nothing there, or no room.</summary>
    public const int WouldBlock = 11;
}

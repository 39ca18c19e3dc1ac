using System.Runtime.InteropServices;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>POSIX signals to one process.</summary>
internal static partial class Signal
{
    private const int Interrupt = 2;

    /// <summary>Sends SIGINT, as Ctrl+C does.</summary>
    public static void SendInterrupt(int processId) => _ = Kill(processId, Interrupt);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}

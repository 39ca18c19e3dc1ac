using System.Runtime.InteropServices;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>POSIX signals to one process.</summary>
internal static partial class Signal
{
    private const int Terminate = 15;

    /// <summary>Sends SIGTERM. Not SIGINT: a shell that starts the tests in the background has their children ignore it.</summary>
    public static void SendTerminate(int processId) => _ = Kill(processId, Terminate);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}

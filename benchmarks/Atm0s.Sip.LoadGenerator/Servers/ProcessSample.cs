namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>What a process and its children use.</summary>
/// <param name="Cpu">Processor time, in seconds.</param>
/// <param name="Memory">Resident, in bytes; what children share is counted once for each.</param>
/// <param name="Files">Open descriptors.</param>
/// <param name="Threads">Threads.</param>
internal sealed record ProcessSample(double Cpu, long Memory, int Files, int Threads)
{
    public static ProcessSample None { get; } = new(0, 0, 0, 0);
}

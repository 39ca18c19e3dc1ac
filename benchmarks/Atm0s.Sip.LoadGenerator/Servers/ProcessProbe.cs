namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>Reads <c>/proc</c> of a process and its children.</summary>
internal sealed class ProcessProbe
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux.
    private readonly int[] _processes;

    /// <param name="processId">0 reads nothing.</param>
    public ProcessProbe(int processId) => _processes = processId == 0 ? [] : [processId, .. Descendants(processId)];

    public ProcessSample Read() => _processes.Select(Read).Aggregate(ProcessSample.None, (sum, one) =>
        new ProcessSample(sum.Cpu + one.Cpu, sum.Memory + one.Memory, sum.Files + one.Files, sum.Threads + one.Threads));

    private static ProcessSample Read(int process)
    {
        try
        {
            var stat = Fields(process);
            return new ProcessSample(
                (long.Parse(stat[11], Culture.Invariant) + long.Parse(stat[12], Culture.Invariant)) / TicksPerSecond,
                long.Parse(stat[21], Culture.Invariant) * Environment.SystemPageSize,
                Directory.GetFileSystemEntries($"/proc/{process}/fd").Length,
                int.Parse(stat[17], Culture.Invariant));
        }
        catch (IOException)
        {
            return ProcessSample.None; // It has ended.
        }
    }

    private static IEnumerable<int> Descendants(int parent)
    {
        List<(int Id, int Parent)> all = [];
        foreach (var directory in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), Culture.Invariant, out var id))
                continue;
            try
            {
                all.Add((id, int.Parse(Fields(id)[1], Culture.Invariant)));
            }
            catch (IOException)
            {
                // It ended while the list was made.
            }
        }

        var found = new List<int> { parent };
        for (var i = 0; i < found.Count; i++)
            found.AddRange(all.Where(process => process.Parent == found[i]).Select(process => process.Id));
        return found.Skip(1);
    }

    // What stands after the name, which may hold anything: state, parent and so on (proc(5)).
    private static string[] Fields(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }
}

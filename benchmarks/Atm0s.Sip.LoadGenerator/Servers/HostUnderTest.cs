using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>The generator's own host (<c>serve</c>), which tells what it allocates.</summary>
internal sealed class HostUnderTest(string name, Target target, ChildProcess process) : ServerUnderTest(name, target, process.Id, process)
{
    public override HostReport? Ask(bool collect) => HostReport.Parse(Process!.Ask(collect ? "collect" : "report"));

    public override string? AskTypes() => Process!.Ask("types");
}

using Atm0s.Sip.Core.Requests;

namespace Atm0s.Sip.Core.Tests.Requests;

/// <summary>Identifiers that a test can foresee; Next gives what it is told, bounded.</summary>
internal sealed class CountingSipIds : ISipIdGenerator
{
    private int _count;

    internal Func<int, int> Chooser { get; set; } = static max => max - 1;

    public string NewTag() => $"tag{++_count}";

    public string NewBranch() => $"z9hG4bK{++_count}";

    public string NewCallId() => $"call{++_count}";

    public uint NewCSeq() => (uint)++_count;

    public int Next(int exclusiveMaximum) => Chooser(exclusiveMaximum);
}

using Atm0s.Sip.Fuzz.Targets;

namespace Atm0s.Sip.Fuzz;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    /// <summary>New ones, each with a state of its own.</summary>
    public static IReadOnlyList<FuzzTarget> Create() =>
        [new MessageTarget(), new SdpTarget(), new StreamTarget(), new DigestTarget(), new RtpTarget(), new StunTarget(), new DispatchTarget()];

    /// <summary>One by name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static FuzzTarget Create(string name) =>
        Create().FirstOrDefault(target => target.Name == name)
            ?? throw new ArgumentException(
                $"No target \"{name}\". There are: {string.Join(", ", Create().Select(target => target.Name))}.");
}

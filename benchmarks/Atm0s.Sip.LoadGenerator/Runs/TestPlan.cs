using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>One thing to measure: <c>register@200</c> is registrations in an open loop of 200 a second.</summary>
/// <param name="Name">As it was written.</param>
/// <param name="Kind">What is sent.</param>
/// <param name="Rate">Of an open loop; null is a closed one.</param>
internal sealed record TestPlan(string Name, string Kind, double? Rate)
{
    public Abilities Needs => Kind switch
    {
        "options" => Abilities.Options,
        "register" => Abilities.Register,
        "call-media" => Abilities.Call | Abilities.Audio,
        _ => Abilities.Call,
    };

    public bool HasAudio => Kind == "call-media";

    /// <exception cref="FormatException">There is no such test.</exception>
    public static TestPlan Parse(string name, double? rate)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        var kind = at < 0 ? name : name[..at];
        if (kind is not ("options" or "register" or "call" or "call-media" or "call-inactive" or "call-opus"))
            throw new FormatException($"\"{name}\" is no test.");
        return new TestPlan(name, kind, at < 0 ? rate : double.Parse(name[(at + 1)..], Culture.Invariant));
    }

    public Script CreateScript(ServerUnderTest server, Settings settings) => Kind switch
    {
        "options" => new OptionsScript(server.Target),
        "register" => new RegisterScript(server.Target),
        _ => new CallScript(server.Target, new CallPlan(
            settings.Closed ? server.ClosedNumber : server.OpenNumber,
            settings.Rooms,
            (long)(settings.Hold * Clock.Second),
            Kind == "call-opus" ? "opus" : settings.Codec,
            HasAudio,
            Kind == "call-inactive")),
    };
}

using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Configuration.Tables;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>A time that never ends means that there is no limit, or is refused: everywhere.</summary>
[SingleThreaded]
public sealed class EndlessTimeTests
{
    private static IEnumerable<string> Times() =>
        OptionWalk.All.Select(option => option.Path).Where(path => Leaf(OptionWalk.Defaults(), path).Value is TimeSpan);

    private static IEnumerable<object[]> Endless() =>
        from path in Times()
        from time in new[] { Timeout.InfiniteTimeSpan, TimeSpan.MaxValue }
        select new object[] { path, time };

    [TestCaseSource(nameof(Endless))]
    public async Task EndlessTime_WorksOrIsRefusedWithASentence(string path, TimeSpan time)
    {
        await using var world = new VirtualWorld();
        Exception? refused = null;
        var host = new TestHost();
        var server = (SipServer?)null;
        try
        {
            server = world.StartServer(host.Handlers, options => Set(options, path, time));
        }
        catch (SipStartException problem)
        {
            refused = problem;
        }

        if (!IsAllowed(path))
        {
            Assert.That(refused?.Message, Does.Contain(path.Split(':')[^1]).And.Contain("write"), "refused, and by a sentence");
            return;
        }

        Assert.That(refused, Is.Null);
        var phone = new ScriptedPhone(world, "alice", "10.0.2.1");
        phone.Invite("room1", "c1");
        phone.WaitForResponse("INVITE", 200);
        world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(server!.Calls, Has.Count.EqualTo(1), "a call is up, and nothing has ended it");
    }

    [Test]
    public void ThereAreTimes() => Assert.That(Times().Count(), Is.GreaterThan(25));

    [Test]
    public async Task LongestCall_Infinite_GoesOnBeyondADay()
    {
        await using var world = new VirtualWorld();
        var host = new TestHost();
        var server = world.StartServer(host.Handlers, options =>
        {
            options.Calls.MaxDuration = Timeout.InfiniteTimeSpan;
            options.Calls.SessionInterval = Timeout.InfiniteTimeSpan;
            options.Media.Timeout = Timeout.InfiniteTimeSpan;
        });
        var phone = new ScriptedPhone(world, "alice", "10.0.2.1");
        var invite = phone.Invite("room1", "c1");
        phone.Ack(invite, phone.WaitForResponse("INVITE", 200));
        world.Advance(TimeSpan.FromSeconds(1));
        world.Time.Advance(TimeSpan.FromHours(25));
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(server.Calls, Has.Count.EqualTo(1));
    }

    private static bool IsAllowed(string path) =>
        Find(ServerSettings.Table.Describe(OptionWalk.Defaults()), [.. path.Split(':').Where(name => name != "0")]).Format is TimeFormat
        {
            AllowsEndless: true,
        };

    private static SettingShape Find(IReadOnlyList<SettingShape> shapes, string[] names)
    {
        var shape = shapes.Single(shape => shape.Name == names[0]);
        return names.Length == 1 ? shape : Find(shape.Children, names[1..]);
    }

    private static (object Owner, System.Reflection.PropertyInfo? Property, object? Value) Leaf(object options, string path)
    {
        var (owner, property, at) = (options, (System.Reflection.PropertyInfo?)null, (object?)options);
        foreach (var name in path.Split(':'))
        {
            if (name == "0")
            {
                at = ((System.Collections.IEnumerable)at!).Cast<object>().First();
                continue;
            }

            owner = at!;
            property = owner.GetType().GetProperty(name)!;
            at = property.GetValue(owner);
        }

        return (owner, property, at);
    }

    private static void Set(SipServerOptions options, string path, TimeSpan time)
    {
        if (path.StartsWith("Trunks", StringComparison.Ordinal))
            options.Trunks.Add(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1" });
        if (path.StartsWith("Limits", StringComparison.Ordinal) || path.StartsWith("Timers", StringComparison.Ordinal))
            (options.Limits, options.Timers) = (options.Limits with { }, options.Timers with { });
        var (owner, property, _) = Leaf(options, path);
        property!.SetValue(owner, time);
    }
}

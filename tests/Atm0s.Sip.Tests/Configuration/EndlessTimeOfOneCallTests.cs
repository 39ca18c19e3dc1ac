using System.Reflection;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>Times that are given with one call, one transfer or one phone: each is refused with a sentence when it never ends.</summary>
[SingleThreaded]
public sealed class EndlessTimeOfOneCallTests
{
    private static readonly TimeSpan[] Endless = [Timeout.InfiniteTimeSpan, TimeSpan.MaxValue, TimeSpan.MinValue];

    // What uses options that do not look at their times by themselves; the others throw as soon as they are set.
    private static readonly Dictionary<Type, Action<VirtualWorld, SipServer, object>> Uses = new()
    {
        [typeof(OutgoingCallOptions)] = static (world, server, options) =>
            world.Await(server.CallUserAsync("room1", "bob", "1000", (OutgoingCallOptions)options).AsTask()),
        [typeof(SipPhoneOptions)] = static (_, _, options) =>
        {
            var phone = new SipPhone((SipPhoneOptions)options);
            Assert.That(phone.Calls, Is.Empty);
        },
        [typeof(PinOptions)] = static (_, _, options) => Assert.That(new PinInviteHandler((PinOptions)options).Server, Is.Null),
    };

    private static IEnumerable<Type> PublicTypes() =>
        typeof(SipServer).Assembly.GetExportedTypes().Concat(typeof(InviteDecision).Assembly.GetExportedTypes());

    // Those of the whole server are walked elsewhere.
    private static IEnumerable<PropertyInfo> Properties() =>
        from type in PublicTypes()
        where type.Name.EndsWith("Options", StringComparison.Ordinal) && !OfServer().Contains(type)
        from property in type.GetProperties()
        where property.CanWrite && (property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?))
        select property;

    private static IEnumerable<MethodInfo> Decisions() =>
        from type in PublicTypes()
        where type.Name.EndsWith("Decision", StringComparison.Ordinal) || type.Name.EndsWith("Handlers", StringComparison.Ordinal)
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
        where method.GetParameters().Any(parameter => parameter.ParameterType == typeof(TimeSpan?) || parameter.ParameterType == typeof(TimeSpan))
        select method;

    private static HashSet<Type> OfServer() =>
        [typeof(SipServerOptions), typeof(TrunkOptions), .. typeof(SipServerOptions).GetProperties().Select(property => property.PropertyType),
            typeof(CallRecordOptions)];

    private static IEnumerable<object[]> PropertyCases() =>
        from property in Properties() from time in Endless select new object[] { property.DeclaringType!, property.Name, time };

    private static IEnumerable<object[]> DecisionCases() =>
        from method in Decisions() from time in Endless select new object[] { method, time };

    [Test]
    public void ThereAreSuchTimes()
    {
        Assert.That(Properties().Select(property => property.DeclaringType), Is.SupersetOf(Uses.Keys));
        Assert.That(Decisions().Select(method => method.Name), Is.SupersetOf(new[] { "WaitForOthers", "Accept" }));
    }

    [TestCaseSource(nameof(PropertyCases))]
    public async Task Option_IsRefusedWithASentence(Type type, string name, TimeSpan time)
    {
        await using var world = new VirtualWorld();
        var host = new TestHost();
        var server = world.StartServer(host.Handlers);

        var refusal = Assert.Catch<ArgumentException>(() =>
        {
            var options = With(type, name, time);
            if (Uses.TryGetValue(type, out var use))
                use(world, server, options);
        });

        Assert.That(refusal!.Message, Does.Match(" to |at most"), "the range");
        Assert.That(server.Calls, Is.Empty);
    }

    [TestCaseSource(nameof(DecisionCases))]
    public void Decision_IsRefusedWithASentence(MethodInfo decision, TimeSpan time)
    {
        object?[] arguments = [.. decision.GetParameters().Select(parameter =>
            Nullable.GetUnderlyingType(parameter.ParameterType) == typeof(TimeSpan) || parameter.ParameterType == typeof(TimeSpan) ? time
            : parameter.HasDefaultValue ? parameter.DefaultValue
            : "room1")];

        var thrown = Assert.Catch<TargetInvocationException>(() => decision.Invoke(null, arguments));

        Assert.That(thrown!.InnerException, Is.InstanceOf<ArgumentException>());
        Assert.That(thrown.InnerException!.Message, Does.Match("to 10 minutes|at most a day"));
    }

    private static object With(Type type, string name, TimeSpan time)
    {
        var options = type == typeof(SipPhoneOptions)
            ? new SipPhoneOptions { Server = "sip:10.0.1.1:5060", Username = "alice", Password = "pw", Audio = new ToneEndpoint(440) }
            : Activator.CreateInstance(type)!;
        try
        {
            type.GetProperty(name)!.SetValue(options, time);
        }
        catch (TargetInvocationException refusal)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(refusal.InnerException!);
        }

        return options;
    }
}

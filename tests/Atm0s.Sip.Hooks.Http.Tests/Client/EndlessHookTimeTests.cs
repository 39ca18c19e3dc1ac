using System.Reflection;
using Atm0s.Sip.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>A time that never ends is refused with a sentence, in the settings of the hooks and of the control API: all of them.</summary>
public sealed class EndlessHookTimeTests
{
    private static readonly TimeSpan[] Endless = [Timeout.InfiniteTimeSpan, TimeSpan.MaxValue, TimeSpan.MinValue];

    private static IEnumerable<object[]> Cases() =>
        from type in new[] { typeof(HttpHookOptions), typeof(HttpHookBreakerOptions), typeof(SipControlOptions) }
        from property in type.GetProperties()
        where property.CanWrite && (property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?))
        from time in Endless
        select new object[] { property, time };

    [Test]
    public void ThereAreSuchTimes() => Assert.That(Cases().Count(), Is.GreaterThanOrEqualTo(9 * Endless.Length));

    [TestCaseSource(nameof(Cases))]
    public void Time_IsRefusedWithASentence(PropertyInfo property, TimeSpan time)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSipServer(sip => sip.Listen("udp://127.0.0.1:0")).AddHttpHooks(hooks =>
        {
            hooks.Url = "http://127.0.0.1:3000/hooks";
            Set(hooks, property, time);
            Set(hooks.Breaker, property, time);
        });
        services.AddSipControl(control =>
        {
            control.ApiKeys.Add("a-key-that-is-long-enough-to-be-one");
            Set(control, property, time);
        });
        using var provider = services.BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(() =>
        {
            _ = provider.GetRequiredService<IOptions<HttpHookOptions>>().Value;
            _ = provider.GetRequiredService<IOptions<SipControlOptions>>().Value;
        });

        Assert.That(refusal!.Message, Does.Contain(property.Name).And.Contain(" to "));
    }

    // The hooks raise these above their own limits: that must not make something that works of what is wrong.
    [Test]
    public async Task TimeOfTheServerThatTheHooksRaise_IsRefusedToo(
        [Values(nameof(SipServerOptions.HandlerTimeout), nameof(SipServerOptions.ObserverTimeout))] string name,
        [ValueSource(nameof(Endless))] TimeSpan time)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSipServer(sip =>
        {
            sip.Listen("udp://127.0.0.1:0");
            Set(sip, typeof(SipServerOptions).GetProperty(name)!, time);
        }).AddHttpHooks(hooks => hooks.Url = "http://127.0.0.1:3000/hooks");
        await using var provider = services.BuildServiceProvider();

        var server = provider.GetRequiredService<SipServer>();

        Assert.That(async () => await server.StartAsync(), Throws.TypeOf<SipStartException>().With.Message.Contain(name));
    }

    private static void Set(object options, PropertyInfo property, TimeSpan time)
    {
        if (property.DeclaringType!.IsInstanceOfType(options))
            property.SetValue(options, time);
    }
}

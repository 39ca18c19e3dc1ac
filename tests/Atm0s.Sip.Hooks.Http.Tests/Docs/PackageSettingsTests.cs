using System.Collections;
using System.Globalization;
using System.Reflection;
using Atm0s.Sip.Control;
using Atm0s.Sip.Dashboard;
using Atm0s.Sip.WebSockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Tests.Docs;

/// <summary>Options of the packages beside the server are taken from a configuration as strictly as those of the server.</summary>
public sealed class PackageSettingsTests
{
    private static readonly (string Section, Type Options, Action<IServiceCollection, IConfiguration> Add)[] Packages =
    [
        ("SipHooks", typeof(HttpHookOptions), static (services, configuration) =>
            services.AddSipServer(sip => sip.Listen("udp://127.0.0.1:0")).AddHttpHooks(configuration)),
        ("SipControl", typeof(SipControlOptions), static (services, configuration) => services.AddSipControl(configuration)),
        ("SipDashboard", typeof(SipDashboardOptions), static (services, configuration) => services.ConfigureSipDashboard(configuration)),
        ("SipWebSocket", typeof(SipWebSocketOptions), static (services, configuration) => services.ConfigureSipWebSocket(configuration)),
    ];

    private static IEnumerable<TestCaseData> Sections() => Packages.Select(package => new TestCaseData(package.Section));

    [TestCaseSource(nameof(Sections))]
    public void EveryOption_HasASetting_AndIsInForce(string section)
    {
        var package = Packages.Single(one => one.Section == section);
        var values = Walk(package.Options, "").ToList();
        var options = Read(section, values.Select(one => KeyValuePair.Create(one.Key, one.Text)));
        Assert.Multiple(() =>
        {
            foreach (var (key, text) in values)
                Assert.That(Get(options, key), Is.EqualTo(text), key);
        });
    }

    [TestCase("SipHooks", "Urll", "https://x", "SipHooks:Urll is no setting; did you mean SipHooks:Url?")]
    [TestCase("SipHooks", "AttemptTimeout", "5", "SipHooks:AttemptTimeout is \"5\"; write a time from 0.05 s to 50 s, for example 5s")]
    [TestCase("SipHooks", "Breaker:FailureRatio", "2", "SipHooks:Breaker:FailureRatio is \"2\"; write a number above 0")]
    [TestCase("SipHooks", "Headers", "Authorization=hunter2", "SipHooks:Headers can't be used as it is (its value is not shown)")]
    [TestCase("SipControl", "ApiKey", "hunter2", "SipControl:ApiKey is no setting; did you mean SipControl:ApiKeys?")]
    [TestCase("SipControl", "Heartbeat", "infinite", "SipControl:Heartbeat is \"infinite\"; write a time from 1 s to 300 s")]
    [TestCase("SipDashboard", "MaxRows", "5", "SipDashboard:MaxRows is \"5\"; write a number from 10 to 10000.")]
    [TestCase("SipWebSocket", "MaxSendBytes", "1KiB", "SipWebSocket:MaxSendBytes is \"1KiB\"; write a number from 65536 to 16777216")]
    public void WrongSetting_StopsTheStart_WithItsPath(string section, string key, string text, string sentence) => Assert.That(
        () => Read(section, [KeyValuePair.Create(key, text)]),
        Throws.TypeOf<SipStartException>().With.Message.Contains(sentence).And.Message.Not.Contain("hunter2"));

    [Test]
    public void List_TakesThePlaceOfWhatStandsThere_AndCodeWins()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create("SipControl:ApiKeys", (string?)"0123456789abcdef,fedcba9876543210")]).Build();
        var services = new ServiceCollection();
        services.AddSipControl(configuration, also => also.MaxWatchers = 7);
        var options = services.BuildServiceProvider().GetRequiredService<IOptions<SipControlOptions>>().Value;
        Assert.That(options.ApiKeys, Is.EqualTo(new[] { "0123456789abcdef", "fedcba9876543210" }));
        Assert.That(options.MaxWatchers, Is.EqualTo(7));
    }

    private static object Read(string section, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var package = Packages.Single(one => one.Section == section);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(one => KeyValuePair.Create($"{section}:{one.Key}", (string?)one.Value))).Build();
        var services = new ServiceCollection();
        package.Add(services, configuration);
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService(typeof(IOptions<>).MakeGenericType(package.Options));
        try
        {
            return options.GetType().GetProperty("Value")!.GetValue(options)!;
        }
        catch (TargetInvocationException wrapped)
        {
            throw wrapped.InnerException!;
        }
    }

    // A value for each option, other than its default.
    private static IEnumerable<(string Key, string Text)> Walk(Type type, string above)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            var key = above + property.Name;
            var value = property.GetValue(defaults);
            if (property.PropertyType.Namespace == type.Namespace)
            {
                foreach (var below in Walk(property.PropertyType, key + ":"))
                    yield return below;
                continue;
            }

            yield return property.PropertyType == typeof(IDictionary<string, string>) ? (key + ":X-One", "1") : (key, value switch
            {
                bool isOn => isOn ? "false" : "true",
                int or long => (Convert.ToInt64(value, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture),
                double share => (share / 2).ToString(CultureInfo.InvariantCulture),
                TimeSpan time => $"{time.TotalMilliseconds + 1}ms",
                IList<string> => property.Name == "AllowedNetworks" ? "10.0.0.0/8" : "https://list.example.com",
                _ when property.PropertyType == typeof(TimeSpan?) => "5000ms",
                _ when property.Name == "Url" => "https://app.example.com/sip",
                _ when property.Name.EndsWith("Folder", StringComparison.Ordinal) => Path.GetTempPath(),
                _ => "a-text-of-some-length",
            });
        }
    }

    private static string Get(object options, string key)
    {
        var value = (object?)options;
        foreach (var part in key.Split(':'))
            value = value is IDictionary<string, string> pairs ? pairs[part] : value!.GetType().GetProperty(part)!.GetValue(value);
        return value switch
        {
            bool isOn => isOn ? "true" : "false",
            TimeSpan time => $"{time.TotalMilliseconds}ms",
            string text => text,
            IEnumerable list => string.Join(',', list.Cast<string>()),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }
}

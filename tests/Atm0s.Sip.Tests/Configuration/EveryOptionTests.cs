using System.Text;
using System.Text.Json.Nodes;
using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>Every option can be set from a file and from the environment, and is in force then.</summary>
[NonParallelizable]
public sealed class EveryOptionTests
{
    [Test]
    public void EveryOption_HasASetting()
    {
        var settings = ServerSettings.Paths;
        Assert.That(OptionWalk.All, Has.Count.GreaterThan(110));
        Assert.That(
            OptionWalk.All.Select(option => option.Path).Except(settings), Is.Empty, "add a row in src/Atm0s.Sip/Configuration/Tables");
    }

    [Test]
    public void TheValuesOfThisTest_AreNoDefaults()
    {
        var defaults = OptionWalk.Defaults();
        Assert.That(OptionWalk.All.Where(option => OptionWalk.Reads(defaults, option.Path).Values.SequenceEqual(option.Values)), Is.Empty);
    }

    [Test]
    public async Task EveryOption_FromJson_IsInForce()
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(new JsonObject { ["Sip"] = ToJson() }.ToJsonString()));
        await AreInForceAsync(configuration => configuration.AddJsonStream(json));
    }

    [Test]
    public async Task EveryOption_FromTheEnvironment_IsInForce()
    {
        const string Prefix = "ATM0S_WALK_";
        var names = OptionWalk.Keys()
            .Select(pair => (Name: $"{Prefix}Sip__{pair.Key.Replace(":", "__", StringComparison.Ordinal)}", pair.Value)).ToList();
        try
        {
            foreach (var (name, value) in names)
                Environment.SetEnvironmentVariable(name, value);
            await AreInForceAsync(configuration => configuration.AddEnvironmentVariables(Prefix));
        }
        finally
        {
            foreach (var (name, _) in names)
                Environment.SetEnvironmentVariable(name, null);
        }
    }

    // An option that can be set and that nothing asks for is set in vain.
    [Test]
    public void EveryOption_IsReadByTheServer()
    {
        var read = OptionReads.Find();
        Assert.That(read, Does.Not.Contain((typeof(CredentialDraft), nameof(CredentialDraft.Username))), "read by a table alone");
        Assert.That(
            OptionWalk.Properties().Where(property => !read.Contains((property.DeclaringType!, property.Name)))
                .Select(property => $"{property.DeclaringType!.Name}.{property.Name}").Distinct(),
            Is.Empty);
    }

    private static async Task AreInForceAsync(Action<IConfigurationBuilder> add)
    {
        using var host = ConfiguredHost.Create(add);
        await host.StartAsync();
        var server = host.Services.GetRequiredService<SipServer>();
        Assert.Multiple(() =>
        {
            foreach (var (path, values) in OptionWalk.All)
                Assert.That(OptionWalk.Reads(server.Options, path).Values, Is.EqualTo(values), path);
        });
        var stack = server.Parts.Stack;
        Assert.That((stack.Options.MaxTransactions, stack.Options.Timers.T1.TotalMilliseconds, stack.Options.Product),
            Is.EqualTo((100_001, 400.0, "Walker")));
        Assert.That((stack.Shards.Count, stack.Options.QueueCapacity, stack.Options.MaxTransactionBytes, stack.Options.MaxQueueTime),
            Is.EqualTo((3, 10_001, (64 << 20) + 1, TimeSpan.FromSeconds(1))));
        Assert.That(stack.Options.Limits.MaxMessageSize, Is.EqualTo(65_534));
        Assert.That(stack.Transports.Single().Options.AdvertisedHost, Is.EqualTo("phone.example.com"));
        var engine = server.Parts.Media.Engine;
        Assert.That((engine.PortPairs, engine.Threads.Count), Is.EqualTo((500, server.Options.Media.Threads)));
        Assert.That(server.Parts.Media.Codecs.Formats.Select(format => format.Name), Is.EqualTo(new[] { "PCMU", "PCMA" }));
        Assert.That(server.Trunks.Single().Name, Is.EqualTo("carrier"));
        await host.StopAsync();
    }

    private static JsonObject ToJson()
    {
        var root = new JsonObject();
        foreach (var (key, value) in OptionWalk.Keys())
        {
            var at = root;
            var parts = key.Split(':');
            // A list, and an object whose keys are numbers, are the same to a configuration.
            foreach (var part in parts[..^1])
                at = (JsonObject)(at[part] ??= new JsonObject());
            at[parts[^1]] = value;
        }

        return root;
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using RoomServer;
using YamlDotNet.RepresentationModel;

namespace Atm0s.Sip.Docs.Tests.Pages;

/// <summary>The files for containers and machines start RoomServer with a command line that it takes, and agree with each other.</summary>
public sealed partial class DeployTests
{
    [Test]
    public void Compose_StartsBothServers_AndPublishesThePortsOfTheAudio()
    {
        var services = Read("compose.yaml")["services"];
        var rooms = services["rooms"];
        var arguments = Words(rooms["command"]);

        var parsed = Arguments.Parse(arguments, Settings(((YamlMappingNode)rooms["environment"]).Select(
            pair => ((string)pair.Key!, Variable().Replace((string)pair.Value!, Value)))));

        Assert.That(Words(rooms["ports"]), Does.Contain($"{parsed.FirstPort}-{parsed.LastPort}:{parsed.FirstPort}-{parsed.LastPort}/udp"));
        Assert.That(new Uri(parsed.Hooks!).Host, Is.EqualTo("hooks"));
        Assert.That(Words(services["hooks"]["command"]), Does.Contain($"http://0.0.0.0:{new Uri(parsed.Hooks!).Port}"));
        Assert.That(parsed.ApiKeys, Is.Not.Empty);
    }

    [Test]
    public void Kubernetes_GivesCallsTheTimeThatTheyNeed()
    {
        var pod = Documents("deploy/kubernetes.yaml").Single(d => (string)d["kind"]! == "Deployment")["spec"]["template"]["spec"];
        var container = pod["containers"][0];

        var parsed = Arguments.Parse(Words(container["args"]), Settings(((YamlSequenceNode)container["env"])
            .Select(variable => ((string)variable["name"]!, "0123456789abcdef")).Where(variable => variable.Item1.Contains("__", StringComparison.Ordinal))));

        Assert.That(parsed.Http, Is.Not.Null, "the probes ask over HTTP");
        Assert.That((string)container["livenessProbe"]["httpGet"]["port"]!, Is.EqualTo("control"));
        Assert.That((string)container["readinessProbe"]["httpGet"]["port"]!, Is.EqualTo("control"));
        Assert.That(int.Parse((string)pod["terminationGracePeriodSeconds"]!, CultureInfo.InvariantCulture),
            Is.GreaterThanOrEqualTo(parsed.Drain.TotalSeconds + 10));
    }

    [Test]
    public void Systemd_StartsRoomServer()
    {
        var line = File.ReadAllText(Path.Combine(Manual.Root, "deploy", "room-server.service")).ReplaceLineEndings("\n")
            .Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Single(l => l.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..];
        var words = ShellWords.Split(line);
        Assert.That(words[0], Does.EndWith("/RoomServer"));
        Assert.That(() => Arguments.Parse([.. words.Skip(1)]), Throws.Nothing);
    }

    [Test]
    public void Dockerfile_RunsAsAUserWithoutRights_WithACommandLineThatIsTaken()
    {
        var lines = File.ReadAllLines(Path.Combine(Manual.Root, "Dockerfile"));
        Assert.That(lines.Where(l => l.StartsWith("USER ", StringComparison.Ordinal)), Has.Exactly(2).EqualTo("USER 1654:1654"));
        var command = lines.Last(l => l.StartsWith("CMD ", StringComparison.Ordinal))["CMD ".Length..];
        Assert.That(() => Arguments.Parse(JsonSerializer.Deserialize<string[]>(command)!), Throws.Nothing);
    }

    // As RoomServer reads them: without the prefix, "__" for ":".
    private static IConfiguration Settings(IEnumerable<(string Name, string Value)> variables) =>
        new ConfigurationBuilder().AddInMemoryCollection(variables.ToDictionary(
            variable => variable.Name["ATM0S_".Length..].Replace("__", ":", StringComparison.Ordinal),
            variable => (string?)variable.Value)).Build();

    private static YamlNode Read(string file) => Documents(file).Single();

    private static List<YamlNode> Documents(string file)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Path.Combine(Manual.Root, file));
        stream.Load(reader);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    private static string[] Words(YamlNode list) => [.. ((YamlSequenceNode)list).Select(word => Variable().Replace((string)word!, Value))];

    // ${NAME:?what it is} of compose, $(NAME) of Kubernetes.
    private static string Value(Match variable) => variable.Groups[1].Value switch
    {
        "ADVERTISE" or "HOST_IP" => "192.0.2.10",
        "API_KEY" => "0123456789abcdef",
        _ => throw new InvalidOperationException($"{variable.Value} is unknown here."),
    };

    [GeneratedRegex(@"\$[{(]([A-Z_]+)[^})]*[})]")]
    private static partial Regex Variable();
}

using RoomServer;

namespace Atm0s.Sip.Docs.Tests.Pages;

/// <summary>Commands that the pages tell people to type.</summary>
public sealed class CommandTests
{
    [Test]
    public void EveryRoomServerCommand_IsOneThatItTakes()
    {
        var commands = Manual.Pages.SelectMany(page => Commands(page)
            .Select(command => (Page: page, Command: command, Arguments: RoomServerArguments(command))))
            .Where(command => command.Arguments is not null).ToList();
        Assert.Multiple(() =>
        {
            foreach (var (page, command, arguments) in commands)
                Assert.That(() => Arguments.Parse(arguments!), Throws.Nothing, $"{page}: {command}");
        });
        Assert.That(commands, Has.Count.GreaterThanOrEqualTo(5));
    }

    [Test]
    public void EverySwitchThatProseNames_IsInTheHelp()
    {
        // Those of other programs: docker, dotnet, the original server, samples.
        string[] others =
        [
            "--rm", "--network", "--read-only", "--source", "--self-contained", "--addr", "--hook-url", "--http-port", "--max-conn",
            "--secret", "--format",
        ];
        Assert.Multiple(() =>
        {
            foreach (var page in Manual.Pages.Where(p => !p.Path.StartsWith("benchmarks", StringComparison.Ordinal)
                && p.Text.Contains("RoomServer", StringComparison.Ordinal)))
            {
                foreach (var name in page.InlineCodes.Where(code => code.StartsWith("--", StringComparison.Ordinal))
                    .Select(code => code.Split(' ', '=')[0]).Except(others))
                    Assert.That(Arguments.Usage.Contains($"  {name} ", StringComparison.Ordinal), Is.True, $"{page}: {name}");
            }
        });
    }

    [Test]
    public void EverySampleIsShownWhole_OnAPageOfItsOwn()
    {
        var pages = Manual.Pages.Select(page => page.Text.ReplaceLineEndings("\n")).ToArray();
        foreach (var program in Directory.EnumerateFiles(Path.Combine(Manual.Root, "samples", "HowTo"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)))
        {
            var block = $"```csharp\n{File.ReadAllText(program).Trim().ReplaceLineEndings("\n")}\n```";
            Assert.That(pages.Any(page => page.Contains(block, StringComparison.Ordinal)), Is.True, program);
        }
    }

    // Lines that end with a backslash go on in the next one.
    private static string[] Commands(Page page) =>
        string.Join('\n', page.CodeLines).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');

    /// <summary>What comes after the name of the program; null when it is another program's line.</summary>
    private static string[]? RoomServerArguments(string command)
    {
        string[] words = [.. ShellWords.Split(command)];
        var name = words switch
        {
            ["docker", "run", ..] => Array.IndexOf(words, "room-server"),
            ["dotnet", "run", ..] when words.Contains("samples/RoomServer") && words.Contains("--") => Array.IndexOf(words, "--"),
            [var program, ..] when program.EndsWith("/RoomServer", StringComparison.Ordinal) => 0,
            _ => -1,
        };
        return name < 0 ? null : [.. words.Skip(name + 1).TakeWhile(IsArgument)];
    }

    private static bool IsArgument(string word) => word is not ("&" or "|" or "&&" or ">" or ";" or "...");
}

using System.Text.RegularExpressions;

namespace Atm0s.Sip.Tests;

/// <summary>
/// Whatever runs on a thread that nobody above it watches (threads of our own, timers, items of the thread pool) must catch what it throws:
/// else one call's fault is the end of the process. It reads the sources and not the program: a catch anywhere in a method, or in one that it
/// calls, counts as one around all of it.
/// </summary>
public sealed partial class GuardTests
{
    private static readonly string Root = FindRoot();

    /// <summary>What needs no guard of its own, and why.</summary>
    private static readonly Dictionary<string, string> Exempt = new()
    {
        ["Atm0s.Sip.Core/Runtime/SipShard.cs: OnTimer"] = "puts an item into a queue",
        ["Atm0s.Sip/HookCalls/EventLane.cs: Execute"] = "only HookWorkers run it",
        ["Atm0s.Sip/HookCalls/EventPump.cs: Execute"] = "a HookCancel, which catches",
    };

    [Test]
    public void WhatRunsOnThreadsOfOurOwn_CatchesWhatItThrows()
    {
        var unguarded = new List<string>();
        foreach (var file in Sources())
        {
            var name = Path.GetRelativePath(Path.Combine(Root, "src"), file).Replace('\\', '/');
            unguarded.AddRange(Unguarded(File.ReadAllText(file)).Select(entry => $"{name}: {entry}"));
        }

        Assert.That(unguarded.Except(Exempt.Keys), Is.Empty, "catch, log and count there (Faults), or say here why it cannot throw");
        Assert.That(Exempt.Keys.Except(unguarded), Is.Empty, "no longer needed");
    }

    [Test]
    public void NothingIsAsyncVoid_AndNobodyWatchesFiles()
    {
        foreach (var file in Sources())
            Assert.That(File.ReadAllText(file), Does.Not.Contain("async void").And.Not.Contain("FileSystemWatcher"), file);
    }

    [TestCase("new Thread(Run).Start(); } void Run() { Work(); }", "Run")]
    [TestCase("new Thread(() => Run(1)).Start(); } void Run(int x) { Work(); }", "Run")]
    [TestCase("time.CreateTimer(static s => ((X)s!).Tick(), this); } void Tick() => Work();", "Tick")]
    [TestCase("} void IThreadPoolWorkItem.Execute() { Work(); }", "Execute")]
    [TestCase("ThreadPool.UnsafeQueueUserWorkItem(static x => x.Work(), this, false); }", "UnsafeQueueUserWorkItem")]
    [TestCase("new Thread(Run).Start(); } void Run() { try { Work(); } catch (Exception e) { Log(e); } }", null)]
    [TestCase("new Thread(Run).Start(); } void Run() { Loop(); } void Loop() { try { Work(); } catch (Exception) { } }", null)]
    [TestCase("} void IThreadPoolWorkItem.Execute() => _ = RunAsync();", null)]
    [TestCase("new Thread(Run).Start(); } void Run() { try { Work(); } catch (IOException e) { Log(e); } }", "Run")]
    public void Finder_FindsWhatIsUnguarded(string body, string? expected) =>
        Assert.That(Unguarded("class X { void A() { " + body + " }"), expected is null ? Is.Empty : Is.EqualTo([expected]));

    private static List<string> Unguarded(string source)
    {
        var entries = ThreadEntry().Matches(source).Select(match => match.Groups[1].Value)
            .Concat(TimerEntry().Matches(source).Select(match => match.Groups[1].Value))
            .Concat(WorkEntry().Matches(source).Select(match => match.Groups[1].Value))
            .Distinct()
            .Where(entry => !IsGuarded(source, entry, depth: 2));
        // What is queued as it is, without a lambda, is a work item.
        var queued = QueuedLambda().Matches(source).Where(match => !match.Groups[1].Value.Contains("Guard(", StringComparison.Ordinal));
        return [.. entries, .. queued.Select(_ => "UnsafeQueueUserWorkItem").Distinct()];
    }

    private static bool IsGuarded(string source, string method, int depth)
    {
        var bodies = BodiesOf(source, method).ToList();
        return bodies.Count > 0 && bodies.Exists(body => CatchesAll().IsMatch(body)
            || Discards().IsMatch(body)
            || (depth > 0 && Calls().Matches(body).Any(
                call => call.Groups[1].Value != method && IsGuarded(source, call.Groups[1].Value, depth - 1)))
            || (depth > 0 && bodies.Count > 1 && body.Contains($"{method}(", StringComparison.Ordinal)
                && bodies.Exists(other => CatchesAll().IsMatch(other))));
    }

    private static IEnumerable<string> BodiesOf(string source, string method)
    {
        foreach (Match match in Regex.Matches(source, $@"\b(?:void|int|bool|Task)\s+(?:\w+\.)?{method}\([^)]*\)\s*(=>|\{{)"))
        {
            var start = match.Index + match.Length;
            if (match.Groups[1].Value == "=>")
            {
                yield return source[start..(source.IndexOf(';', start) + 1)];
                continue;
            }

            var (depth, at) = (1, start);
            for (; at < source.Length && depth > 0; at++)
                depth += source[at] switch { '{' => 1, '}' => -1, _ => 0 };
            yield return source[start..at];
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Atm0s.Sip.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Atm0s.Sip.sln is not above the tests.");
        return folder;
    }

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
                && !file.Contains("Atm0s.Sip.Testing/", StringComparison.Ordinal));

    [GeneratedRegex(@"new Thread\((?:\(\) => )?(\w+)")]
    private static partial Regex ThreadEntry();

    [GeneratedRegex(@"CreateTimer\(\s*(?:static )?\w+ => \(\(\w+\)\w+!\)\.(\w+)\(")]
    private static partial Regex TimerEntry();

    [GeneratedRegex(@"void (?:IThreadPoolWorkItem\.)?(Execute)\(\)")]
    private static partial Regex WorkEntry();

    [GeneratedRegex(@"UnsafeQueueUserWorkItem\(\s*((?:static )?\w+ =>[^;]*);")]
    private static partial Regex QueuedLambda();

    [GeneratedRegex(@"catch \(Exception(?: \w+)?\)(?! when)|catch\s*(?:\n#[^\n]*\n\s*)?\{")]
    private static partial Regex CatchesAll();

    [GeneratedRegex(@"^\s*_ = (?:\w+\.)?\w+Async\(")]
    private static partial Regex Discards();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\(")]
    private static partial Regex Calls();
}

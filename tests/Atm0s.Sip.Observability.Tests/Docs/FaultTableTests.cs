using System.Text.RegularExpressions;
using Atm0s.Sip.Diagnostics.Tracing;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Observability.Tests.Docs;

/// <summary>docs/observability.md names the ends of calls by the names that they have.</summary>
public sealed partial class FaultTableTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "observability.md"));

    [Test]
    public void FaultsOfSpans_AreThoseOfThePage()
    {
        var row = Faults().Match(Page);
        Assert.That(row.Success, Is.True);
        Assert.That(
            row.Groups[1].Value.Split(", "),
            Is.EquivalentTo(Enum.GetValues<CallEndCause>().Where(CallTrace.IsError).Select(cause => cause.ToString())));
    }

    [Test]
    public void CausesInFormulas_AreCauses()
    {
        var causes = Causes().Matches(Page).SelectMany(match => match.Groups[1].Value.Split(@"\|")).ToList();
        Assert.That(causes, Has.Count.GreaterThan(3));
        Assert.That(causes.Except(Enum.GetNames<CallEndCause>()), Is.Empty);
    }

    private static string Root()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "Atm0s.Sip.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(@"`error\.type`, status Error \| sip\.call, hooks \| a fault: ([\w, ]+)\.")]
    private static partial Regex Faults();

    [GeneratedRegex("cause!?~?=?~?\"([^\"]+)\"")]
    private static partial Regex Causes();
}

namespace Atm0s.Sip.Hooks.Http.Tests.Flows;

/// <summary>What happened, in the order in which it was seen, by phones and hook server alike.</summary>
internal sealed class Story
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public void Add(string line)
    {
        lock (_lines)
            _lines.Add(line);
    }

    /// <summary>Waits until a line is there.</summary>
    public async Task UntilAsync(string line)
    {
        for (var i = 0; i < 500 && !Lines.Contains(line); i++)
            await Task.Delay(10);
        Assert.That(Lines, Does.Contain(line));
    }

    /// <summary>Whether these lines are there in this order, others between them or not.</summary>
    public void AssertOrder(params string[] expected)
    {
        var lines = Lines;
        var at = -1;
        foreach (var line in expected)
        {
            var next = at + 1;
            while (next < lines.Count && lines[next] != line)
                next++;
            Assert.That(next, Is.LessThan(lines.Count), $"\"{line}\" is not there, or not in its place:\n{string.Join('\n', lines)}");
            at = next;
        }
    }
}

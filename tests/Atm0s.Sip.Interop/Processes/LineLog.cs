using System.Text.RegularExpressions;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>Lines that arrive from elsewhere, kept, and waited for.</summary>
public sealed partial class LineLog(string name)
{
    private readonly List<string> _lines = [];
    private TaskCompletionSource _more = New();
    private string? _closed;

    /// <summary>Everything up to now.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>How many lines there are: a place to wait from.</summary>
    public int Count
    {
        get
        {
            lock (_lines)
                return _lines.Count;
        }
    }

    /// <summary>Adds a line, without the colours of a terminal.</summary>
    public void Add(string line)
    {
        lock (_lines)
            _lines.Add(Colours().Replace(line, ""));
        Wake();
    }

    /// <summary>No more lines will come.</summary>
    public void Close(string reason)
    {
        lock (_lines)
            _closed ??= reason;
        Wake();
    }

    /// <summary>Waits for a line, from line <paramref name="from"/> on; fails at once when the log closes without it.</summary>
    public async Task<string> WaitAsync(Func<string, bool> match, string what, TimeSpan timeout, int from = 0)
    {
        var expiry = Task.Delay(timeout);
        while (true)
        {
            Task more;
            string? closed;
            lock (_lines)
            {
                for (; from < _lines.Count; from++)
                {
                    if (match(_lines[from]))
                        return _lines[from];
                }

                (more, closed) = (_more.Task, _closed);
            }

            if (closed is not null)
                throw new AssertionException($"{name}: no '{what}': {closed}\n{this}");
            if (await Task.WhenAny(more, expiry) == expiry)
                throw new AssertionException($"{name}: no '{what}' within {timeout.TotalSeconds} s\n{this}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Lines.TakeLast(200).Select(line => $"  {name}: {line}"));

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]")]
    private static partial Regex Colours();

    private void Wake()
    {
        TaskCompletionSource wake;
        lock (_lines)
            (wake, _more) = (_more, New());
        wake.SetResult();
    }
}

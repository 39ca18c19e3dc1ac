namespace Atm0s.Sip.Streams;

/// <summary>
/// How many marks of a program may wait for their answer: a number of bytes, some 50,000 marks with names as they are. Who wants to set one
/// more waits, and reads nothing meanwhile. Any thread.
/// </summary>
/// <param name="maxBytes">In all.</param>
internal sealed class MarkBudget(int maxBytes = MarkBudget.MaxBytes)
{
    /// <summary>Bytes of the marks of one connection.</summary>
    public const int MaxBytes = 4 << 20;

    private const int Overhead = 64;

    private readonly Lock _lock = new();
    private TaskCompletionSource? _more;
    private int _taken;

    /// <summary>Takes the place of a mark; waits as long as there is none.</summary>
    public async ValueTask TakeAsync(string name, CancellationToken ending)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_taken + SizeOf(name) <= maxBytes)
                {
                    _taken += SizeOf(name);
                    return;
                }

                more = (_more ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await more.WaitAsync(ending).ConfigureAwait(false);
        }
    }

    /// <summary>A mark was answered.</summary>
    public void GiveBack(string name)
    {
        TaskCompletionSource? more;
        lock (_lock)
        {
            _taken -= SizeOf(name);
            (more, _more) = (_more, null);
        }

        more?.SetResult();
    }

    private static int SizeOf(string name) => Overhead + (2 * name.Length);
}

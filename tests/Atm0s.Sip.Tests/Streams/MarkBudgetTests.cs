using Atm0s.Sip.Streams;

namespace Atm0s.Sip.Tests.Streams;

/// <summary>A program that sets marks and never lets them be answered.</summary>
public sealed class MarkBudgetTests
{
    [Test]
    public async Task MarksWithoutEnd_Wait_UntilOneIsAnswered()
    {
        var budget = new MarkBudget();
        var taken = 0;
        Task taking;
        while ((taking = budget.TakeAsync("a mark", default).AsTask()).IsCompleted)
            taken++;
        Assert.That(taken, Is.EqualTo(MarkBudget.MaxBytes / (64 + 12)));
        budget.GiveBack("a mark");
        await taking.WaitAsync(TimeSpan.FromSeconds(10));
        using var ending = new CancellationTokenSource();
        taking = budget.TakeAsync("a mark", ending.Token).AsTask();
        Assert.That(taking.IsCompleted, Is.False);
        await ending.CancelAsync();
        Assert.That(async () => await taking, Throws.InstanceOf<OperationCanceledException>());
    }
}

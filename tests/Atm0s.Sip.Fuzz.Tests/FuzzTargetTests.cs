using Atm0s.Sip.Fuzz.Driver;

namespace Atm0s.Sip.Fuzz.Tests;

/// <summary>
/// The targets that AFL plays for hours, here for a moment and without coverage; and every input that ever found something.
/// </summary>
[Property("threat", "P9")]
public class FuzzTargetTests
{
    private const int Seed = 4475;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    private static IEnumerable<TestCaseData> Targets() => FuzzTargets.Create().Select(target => new TestCaseData(target.Name));

    private static IEnumerable<TestCaseData> Regressions() => FuzzTargets.Create()
        .SelectMany(target => SeedFiles.Regressions(target.Name)
            .Select(path => new TestCaseData(target.Name, path).SetArgDisplayNames(target.Name, Path.GetFileName(path))));

    [TestCaseSource(nameof(Regressions))]
    public void InputThatOnceFoundADefect_Passes(string target, string path)
    {
        var played = Task.Run(() => FuzzTargets.Create(target).Run(File.ReadAllBytes(path)));

        Assert.That(() => played.Wait(Hang), Is.True, "It hangs.");
    }

    [TestCaseSource(nameof(Targets))]
    public void MutatedInputs_FindNothing(string target)
    {
        var count = target == "dispatch" ? 3_000 : 30_000;
        var run = new FuzzRun(FuzzTargets.Create(target), Seed);
        byte[]? hanging = null;
        // On a busy machine a second is soon over: here a hang has to be one.
        using var watchdog = new Watchdog(Hang, input => hanging = input);

        var played = Task.Run(() => run.Run(done => done >= count, watchdog));
        while (!played.Wait(TimeSpan.FromMilliseconds(200)) && hanging is null)
        {
        }

        Assert.That(hanging is null ? "" : Convert.ToBase64String(hanging), Is.Empty, "an input that hangs");
        Assert.That(run.Failing is null ? "" : $"{Convert.ToBase64String(run.Failing)}\n{run.Failure}", Is.Empty, "an input that fails");
        Assert.That(run.Played, Is.GreaterThanOrEqualTo(count));
    }

    [Test]
    public void InputThatThrows_IsFound()
    {
        var run = new FuzzRun(
            new PickyTarget(static input => input.Contains((byte)'"') ? throw new InvalidOperationException("found") : 0), Seed);
        using var watchdog = new Watchdog(Hang, static _ => { });

        Assert.That(run.Run(static done => done > 100_000, watchdog), Is.False);
        Assert.That(run.Failure!.Message, Is.EqualTo("found"));
        Assert.That(run.Failing, Does.Contain((byte)'"'));
    }

    [Test]
    public void InputThatHangs_IsFound()
    {
        using var told = new ManualResetEventSlim();
        byte[]? hanging = null;
        using var watchdog = new Watchdog(TimeSpan.FromMilliseconds(100), input =>
        {
            hanging = input;
            told.Set();
        });
        var run = new FuzzRun(new PickyTarget(input => input.Contains((byte)'"') && told.Wait(TimeSpan.FromSeconds(30)) ? 0 : 1), Seed);

        run.Run(_ => hanging is not null, watchdog);

        Assert.That(hanging, Does.Contain((byte)'"'));
    }

    private sealed class PickyTarget(Func<byte[], int> play) : FuzzTarget
    {
        public override string Name => "picky";

        public override IEnumerable<byte[]> Seeds() => ["a good input"u8.ToArray()];

        public override void Run(ReadOnlySpan<byte> input) => play(input.ToArray());
    }
}

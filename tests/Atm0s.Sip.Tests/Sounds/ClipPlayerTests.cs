using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Sounds;

namespace Atm0s.Sip.Tests.Sounds;

/// <summary>A clip on its way to a room of another rate.</summary>
public sealed class ClipPlayerTests
{
    private readonly short[] _frame = new short[160];

    [Test]
    public void Clip_OfAnotherRate_IsConvertedElsewhere_AndHeardFromThenOn()
    {
        var (work, isOver) = (new Work(), false);
        var player = new ClipPlayer(Tone(), 8000, new PlayOptions(), work, () => isOver = true);
        Assert.That(work.Items, Has.Count.EqualTo(1), "not where it is played");
        Assert.That((player.Read(_frame), player.Played, isOver), Is.EqualTo((false, TimeSpan.Zero, false)), "nothing is lost of it");

        work.RunAll();
        for (var i = 0; i < 50; i++)
            Assert.That(player.Read(_frame), Is.True);
        work.RunAll();
        Assert.That((player.Played, isOver), Is.EqualTo((TimeSpan.FromSeconds(1), true)));
    }

    [Test]
    public void Clip_ThatWasConverted_OrNeedsItNot_IsHeardAtOnce()
    {
        var (work, clip) = (new Work(), Tone());
        _ = new ClipPlayer(clip, 8000, new PlayOptions(), work, () => { });
        work.RunAll();
        Assert.That(new ClipPlayer(clip, 8000, new PlayOptions(), work, () => { }).Read(_frame), Is.True);
        Assert.That(new ClipPlayer(clip, 16_000, new PlayOptions(), work, () => { }).Read(new short[320]), Is.True);
        Assert.That(work.Items, Is.Empty);
    }

    [Test]
    public void Clip_ThatIsStoppedBeforeItIsThere_IsOver()
    {
        var (work, isOver) = (new Work(), false);
        var player = new ClipPlayer(Tone(), 8000, new PlayOptions { Loop = true }, work, () => isOver = true);
        player.Stop();
        Assert.That(player.Read(_frame), Is.False);
        work.RunAll();
        Assert.That((isOver, player.Played, player.Read(_frame)), Is.EqualTo((true, TimeSpan.Zero, false)));
    }

    private static AudioClip Tone() => AudioClip.Tone(TimeSpan.FromSeconds(1), 440);

    private sealed class Work : SipScheduler
    {
        public Queue<IThreadPoolWorkItem> Items { get; } = new();

        public override void Schedule(IThreadPoolWorkItem item) => Items.Enqueue(item);

        public void RunAll()
        {
            while (Items.TryDequeue(out var item))
                item.Execute();
        }
    }
}

using Atm0s.Sip.Calls.Dialing;

namespace Atm0s.Sip.Tests.Calls.Dialing;

/// <summary>The rule by which the targets of one call ring (RFC 3261 §16.6, §16.7).</summary>
public sealed class RingGroupTests
{
    [Test]
    public void Begin_RingsTheFirstGroup_AllAtOnce() => AssertRings(Group("a b", "c").Begin(), "a b", "");

    [Test]
    public void Begin_WithNobody_Fails() => AssertFails(Group().Begin(), null, "");

    [Test]
    public void Ringing_ChangesNothing()
    {
        var group = Begun("a b");
        Assert.That(group.OnReport("a", RingReport.Ringing), Is.TypeOf<RingStep<string>.Wait>());
    }

    [Test]
    public void Answer_WinsOnce_AndTheOthersAreCancelled()
    {
        var group = Begun("a b c");
        var step = (RingStep<string>.Answer)group.OnReport("b", RingReport.Answered);
        Assert.That(step.Winner, Is.EqualTo("b"));
        Assert.That(step.Others, Is.EquivalentTo(new[] { "a", "c" }));
        Assert.That(group.OnReport("a", RingReport.Answered), Is.TypeOf<RingStep<string>.Wait>(), "too late");
        Assert.That(group.OnTimeout(), Is.TypeOf<RingStep<string>.Wait>());
        Assert.That(group.OnGroupTimeout(), Is.TypeOf<RingStep<string>.Wait>());
    }

    [Test]
    public void Busy_EndsOnlyItself()
    {
        var group = Begun("a b");
        Assert.That(group.OnReport("a", RingReport.Failed(486)), Is.TypeOf<RingStep<string>.Wait>());
        AssertFails(group.OnReport("b", RingReport.Failed(480)), "a", "");
    }

    [TestCase(600)]
    [TestCase(603)]
    [TestCase(606)]
    public void SixHundred_EndsAll_AlsoWhatWouldComeNext(int status)
    {
        var group = Begun("a b", "c");
        AssertFails(group.OnReport("a", RingReport.Failed(status)), "a", "b");
        Assert.That(group.OnReport("b", RingReport.Answered), Is.TypeOf<RingStep<string>.Wait>());
    }

    [Test]
    public void NextGroup_Rings_WhenAllOfTheFirstHaveFailed()
    {
        var group = Begun("a b", "c");
        group.OnReport("a", RingReport.Failed(486));
        AssertRings(group.OnReport("b", RingReport.Gone(408)), "c", "");
        AssertFails(group.OnReport("c", RingReport.Failed(500)), "a", "");
    }

    [Test]
    public void NextGroup_Rings_AfterItsTime_AndTheFirstIsCancelled()
    {
        var group = Begun("a b", "c");
        AssertRings(group.OnGroupTimeout(), "c", "a b");
        Assert.That(group.OnReport("a", RingReport.Failed(487)), Is.TypeOf<RingStep<string>.Wait>(), "it was cancelled");
        Assert.That(group.OnGroupTimeout(), Is.TypeOf<RingStep<string>.Wait>(), "there is no other group");
    }

    [Test]
    public void Timeout_WithNobodyHeard_HasNoBest() => AssertFails(Begun("a b").OnTimeout(), null, "a b");

    [Test]
    public void Timeout_AfterABusy_IsBusy_ButAfterA404_IsNoAnswer()
    {
        var busy = Begun("a b");
        busy.OnReport("a", RingReport.Failed(486));
        AssertFails(busy.OnTimeout(), "a", "b");

        var absent = Begun("a b");
        absent.OnReport("a", RingReport.Failed(404));
        AssertFails(absent.OnTimeout(), null, "b");
    }

    [Test]
    public void Redirection_RingsItsBestAtOnce_AndTheRestBeforeTheNextGroup()
    {
        var group = Begun("a b", "z");
        AssertRings(group.OnRedirected("a", [["a1", "a2"], ["a3"]]), "a1 a2", "");
        group.OnReport("b", RingReport.Failed(486));
        group.OnReport("a1", RingReport.Failed(486));
        AssertRings(group.OnReport("a2", RingReport.Failed(486)), "a3", "");
        AssertRings(group.OnReport("a3", RingReport.Failed(486)), "z", "");
    }

    [Test]
    public void Redirection_ThatComesTooLate_IsNothing()
    {
        var group = Begun("a b");
        group.OnReport("b", RingReport.Answered);
        Assert.That(group.OnRedirected("a", [["c"]]), Is.TypeOf<RingStep<string>.Wait>());
    }

    [TestCase("480 486 408", "486")]
    [TestCase("404 480", "480")]
    [TestCase("404 408", "408")]
    [TestCase("488 480", "480")]
    [TestCase("401 488", "488")]
    [TestCase("487 404", "404")]
    [TestCase("500 404", "404", Description = "the lowest class")]
    [TestCase("503 500", "500")]
    [TestCase("302 486", "302")]
    [TestCase("gone408 480", "480")]
    [TestCase("gone408 404", "404")]
    [TestCase("gone503 500", "500")]
    [TestCase("gone408 gone503", "gone408")]
    public void BestFailure_IsTheOneThatTellsMost(string failures, string best)
    {
        var all = failures.Split(' ');
        foreach (var order in new[] { all, [.. all.Reverse()] })
        {
            var group = Begun(string.Join(' ', order));
            RingStep<string> last = new RingStep<string>.Wait();
            foreach (var failure in order)
            {
                var isGone = failure.StartsWith("gone", StringComparison.Ordinal);
                var status = int.Parse(failure.AsSpan(isGone ? 4 : 0));
                last = group.OnReport(failure, isGone ? RingReport.Gone(status) : RingReport.Failed(status));
            }

            AssertFails(last, best, "");
        }
    }

    [Test]
    public void AnyOrderOfReports_EndsOnce_AndNobodyIsLeftRinging([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var group = new RingGroup<string>([["a", "b", "c"], ["d"], ["e", "f"]]);
        var ringing = new HashSet<string>();
        var ends = 0;
        Take(group.Begin());
        for (var i = 0; i < 200; i++)
        {
            var target = ((char)('a' + random.Next(8))).ToString();
            Take(random.Next(12) switch
            {
                0 => group.OnReport(target, RingReport.Answered),
                1 => group.OnReport(target, RingReport.Failed(603)),
                2 => group.OnGroupTimeout(),
                3 => group.OnRedirected(target, [[target + i], [target + i + "-"]]),
                4 => group.OnReport(target, RingReport.Gone(408)),
                5 when i > 150 => group.OnTimeout(),
                _ => group.OnReport(target, RingReport.Failed(random.Next(400, 600))),
            });
            foreach (var rung in ringing.Where(_ => random.Next(8) == 0).ToList())
            {
                ringing.Remove(rung);
                Take(group.OnReport(rung, RingReport.Failed(480)));
            }
        }

        Take(group.OnTimeout());
        Assert.That(ends, Is.EqualTo(1));

        void Take(RingStep<string> step)
        {
            switch (step)
            {
                case RingStep<string>.Ring ring:
                    Assert.That(ends, Is.Zero, "nobody is rung after the end");
                    ringing.ExceptWith(ring.Cancelled);
                    ringing.UnionWith(ring.Targets);
                    break;
                case RingStep<string>.Answer answer:
                    ends++;
                    break;
                case RingStep<string>.Fail:
                    ends++;
                    break;
            }
        }
    }

    private static RingGroup<string> Group(params string[] groups) => new(groups.Select(g => (IReadOnlyList<string>)g.Split(' ')));

    private static RingGroup<string> Begun(params string[] groups)
    {
        var group = Group(groups);
        group.Begin();
        return group;
    }

    private static void AssertRings(RingStep<string> step, string targets, string cancelled)
    {
        Assert.That(step, Is.TypeOf<RingStep<string>.Ring>());
        var ring = (RingStep<string>.Ring)step;
        Assert.That(string.Join(' ', ring.Targets), Is.EqualTo(targets));
        Assert.That(string.Join(' ', ring.Cancelled), Is.EqualTo(cancelled));
    }

    private static void AssertFails(RingStep<string> step, string? best, string cancelled)
    {
        Assert.That(step, Is.TypeOf<RingStep<string>.Fail>());
        var fail = (RingStep<string>.Fail)step;
        Assert.That(fail.HasBest ? fail.Best : null, Is.EqualTo(best));
        Assert.That(string.Join(' ', fail.Cancelled), Is.EqualTo(cancelled));
    }
}

using Atm0s.Sip.Calls;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>
/// What is remembered of calls that rang in vain: found without looking at all of it, and as if all of it were looked at.
/// </summary>
public sealed class EndedRingsTests
{
    [Test]
    public void RandomUse_FindsWhatALookAtEachWouldFind()
    {
        var random = new Random(7);
        var (rings, model) = (new EndedRings(int.MaxValue), new List<(long Begun, string Room, string? Caller, CallEnd Why)>());
        for (var i = 0; i < 20_000; i++)
        {
            var (room, caller) = ("r" + random.Next(5), "c" + random.Next(5));
            switch (random.Next(4))
            {
                case 0:
                    var forCaller = random.Next(2) == 0 ? caller : null;
                    var why = new CallEnd(CallEndCause.Rejected, 400 + (i % 200), "");
                    var begun = Math.Max(0, i - random.Next(50));
                    rings.Add(begun, room, forCaller, why);
                    model.Add((begun, room, forCaller, why));
                    break;
                case 1:
                    var before = i - random.Next(100);
                    rings.Forget(before);
                    model.RemoveAll(e => e.Begun < before);
                    break;
                default:
                    var since = i - random.Next(60);
                    var at = model.FindLastIndex(e => e.Caller is { } named ? named == caller : e.Begun > since && e.Room == room);
                    Assert.That(rings.Find(caller, room, since)?.Status, Is.EqualTo(at < 0 ? null : model[at].Why.Status));
                    break;
            }

            Assert.That(rings.Count, Is.EqualTo(model.Count));
        }
    }

    [Test]
    public void Full_TheOneThatBeganFirstGivesWay()
    {
        var rings = new EndedRings(2);
        rings.Add(3, "r3", null, new CallEnd(CallEndCause.Rejected, 403, ""));
        rings.Add(1, "r1", null, new CallEnd(CallEndCause.Rejected, 401, ""));
        rings.Add(2, "r2", null, new CallEnd(CallEndCause.Rejected, 402, ""));

        Assert.That(rings.Count, Is.EqualTo(2));
        Assert.That(rings.Find("c", "r1", 0), Is.Null);
        Assert.That(rings.Find("c", "r3", 0)?.Status, Is.EqualTo(403));
    }
}

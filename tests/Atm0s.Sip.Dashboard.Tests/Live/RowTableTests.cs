using Atm0s.Sip.Dashboard.Live;
using Atm0s.Sip.Dashboard.Messages;

namespace Atm0s.Sip.Dashboard.Tests.Live;

public sealed class RowTableTests
{
    private readonly RowTable<RoomRow> _table = new(static row => row.Id);

    [Test]
    public void Update_TellsWhatChanged_AndNothingElse()
    {
        Assert.That(_table.Update([Row("a", 1), Row("b", 1)], 2)!.Set, Has.Count.EqualTo(2));
        Assert.That(_table.Update([Row("b", 1), Row("a", 1)], 2), Is.Null);
        var change = _table.Update([Row("b", 2), Row("c", 1)], 2)!;
        Assert.That(change.Set.Select(static row => row.Id), Is.EqualTo(new[] { "b", "c" }));
        Assert.That(change.Gone, Is.EqualTo(new[] { "a" }));
        Assert.That(_table.All.Set.Select(static row => row.Id), Is.EquivalentTo(new[] { "b", "c" }));
    }

    [Test]
    public void Total_IsAChangeToo() => Assert.That(_table.Update([], 7)!.Total, Is.EqualTo(7));

    [Test]
    public void SameKeyTwice_CountsOnce()
    {
        Assert.That(_table.Update([Row("a", 1), Row("a", 2)], 2)!.Set, Has.Count.EqualTo(1));
        Assert.That(_table.Update([Row("a", 1)], 2), Is.Null);
    }

    private static RoomRow Row(string id, int members) => new(id, members, members, 8000, null);
}

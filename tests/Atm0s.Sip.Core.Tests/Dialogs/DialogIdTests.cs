using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3261-12")]
public class DialogIdTests
{
    [Test]
    public void Create_TagsHaveNoCaseCallIdHas()
    {
        var id = DialogId.Create("c1"u8, "ab"u8, "cd"u8);

        Assert.That(id, Is.EqualTo(DialogId.Create("c1"u8, "AB"u8, "Cd"u8)));
        Assert.That(id, Is.Not.EqualTo(DialogId.Create("C1"u8, "ab"u8, "cd"u8)));
        Assert.That(id, Is.Not.EqualTo(DialogId.Create("c1"u8, "cd"u8, "ab"u8)), "local and remote");
        Assert.That(id, Is.Not.EqualTo(DialogId.Create("c1"u8, "abc"u8, "d"u8)));
        Assert.That(id == DialogId.Create("c1"u8, "ab"u8, "cd"u8), Is.True);
        Assert.That(default(DialogId).IsEmpty, Is.True);
    }

    [Test]
    public void BothSides_SeeTheOtherWayRound()
    {
        using var request = Msg.Request("BYE", fromTag: "f1", toTag: "t1");
        using var response = Msg.Response(200);

        Assert.That(DialogId.ForRequest(request), Is.EqualTo(DialogId.Create("c1"u8, "t1"u8, "f1"u8)));
        Assert.That(DialogId.ForResponse(response), Is.EqualTo(DialogId.Create("c1"u8, "f1"u8, "t1"u8)));
    }

    [Test]
    public void Table_FindsAddsAndRemoves()
    {
        var table = new DialogTable<string>();
        var id = DialogId.Create("c1"u8, "t1"u8, "f1"u8);
        using var request = Msg.Request("BYE", fromTag: "F1", toTag: "T1");
        using var other = Msg.Request("BYE", fromTag: "f1", toTag: "t2");

        Assert.That(table.TryAdd(default, "none"), Is.False);
        Assert.That(table.TryAdd(id, "a"), Is.True);
        Assert.That(table.TryAdd(id, "b"), Is.False);
        Assert.That(table.TryGetForRequest(request, out var found), Is.True);
        Assert.That(found, Is.EqualTo("a"));
        Assert.That(table.TryGetForRequest(other, out _), Is.False);
        Assert.That(table.TryGet("c1"u8, "t1"u8, "f1"u8, out _), Is.True);
        Assert.That(table.Remove(id), Is.True);
        Assert.That(table.Remove(id), Is.False);
        Assert.That(table.Remove(default), Is.False);
        Assert.That(table.Count, Is.Zero);
    }

    [Test]
    public void Id_OfADialogIsThatOfItsMessages()
    {
        using var invite = Msg.Request("INVITE", extra: "Contact: <sip:a@b.example>");
        using var bye = Msg.Request("BYE", toTag: "L1");
        using var ok = Msg.Response(200);

        Assert.That(SipDialog.FromUas(invite, "L1"u8)!.Id, Is.EqualTo(DialogId.ForRequest(bye)));
        Assert.That(SipDialog.FromUac(DialogWriting.Invite(), ok)!.Id, Is.EqualTo(DialogId.ForResponse(ok)));
    }
}

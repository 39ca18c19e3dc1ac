using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Hooks.Tests.Routing;

public sealed class AddressBookTests
{
    [Test]
    public void Number_LeadsToItsRoom_AndAnUnknownOneNowhere()
    {
        var book = new AddressBook().Set("100", "sales");
        Assert.That(book.Decide(Invites.Call("100")), Is.EqualTo("sales"));
        Assert.That(book.Decide(Invites.Call("101")), Is.EqualTo("404"));
        Assert.That(book.Remove("100"), Is.True);
        Assert.That(book.Decide(Invites.Call("100")), Is.EqualTo("404"));
        Assert.That(book.Count, Is.Zero);
    }

    [Test]
    public void Entry_SaysWhoMayCall()
    {
        var handler = InviteHandlers.Always(InviteDecision.JoinRoom("ops"));
        var book = new AddressBook()
            .Set(new AddressBookEntry { Number = "net", Handler = handler, Networks = new NetworkSet("10.0.0.0/8") })
            .Set(new AddressBookEntry { Number = "user", Handler = handler, Users = ["alice"] })
            .Set(new AddressBookEntry { Number = "trunk", Handler = handler, Trunk = "carrier" });
        Assert.That(book.Decide(Invites.Call("net", source: "10.1.2.3")), Is.EqualTo("ops"));
        Assert.That(book.Decide(Invites.Call("net")), Is.EqualTo("403"));
        Assert.That(book.Decide(Invites.Call("user", username: "alice")), Is.EqualTo("ops"));
        Assert.That(book.Decide(Invites.Call("user", from: "alice")), Is.EqualTo("403"), "From alone proves nothing");
        Assert.That(book.Decide(Invites.Call("trunk", trunk: "carrier")), Is.EqualTo("ops"));
        Assert.That(book.Decide(Invites.Call("trunk")), Is.EqualTo("403"));
    }
}

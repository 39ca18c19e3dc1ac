using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages.Fields;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3891-3")]
internal sealed class ReplacesRuleTests
{
    [TestCase(FieldReading.Absent, false, ReplacedDialog.None, true, ReplacesVerdict.Ordinary, 0)]
    [TestCase(FieldReading.Malformed, false, ReplacedDialog.None, true, ReplacesVerdict.BadRequest, 400)]
    [TestCase(FieldReading.Ok, false, ReplacedDialog.None, true, ReplacesVerdict.NoDialog, 481)]
    [TestCase(FieldReading.Ok, false, ReplacedDialog.EarlyPeer, true, ReplacesVerdict.NoDialog, 481)]
    [TestCase(FieldReading.Ok, false, ReplacedDialog.Ended, true, ReplacesVerdict.Declined, 603)]
    [TestCase(FieldReading.Ok, false, ReplacedDialog.Confirmed, false, ReplacesVerdict.Forbidden, 403)]
    [TestCase(FieldReading.Ok, true, ReplacedDialog.Confirmed, false, ReplacesVerdict.Forbidden, 403)]
    [TestCase(FieldReading.Ok, true, ReplacedDialog.Confirmed, true, ReplacesVerdict.Busy, 486)]
    [TestCase(FieldReading.Ok, false, ReplacedDialog.Confirmed, true, ReplacesVerdict.ReplaceAndBye, 0)]
    [TestCase(FieldReading.Ok, false, ReplacedDialog.EarlyOwn, true, ReplacesVerdict.ReplaceAndCancel, 0)]
    [TestCase(FieldReading.Ok, true, ReplacedDialog.EarlyOwn, true, ReplacesVerdict.ReplaceAndCancel, 0)]
    [TestCase(FieldReading.Ok, true, ReplacedDialog.EarlyOwn, false, ReplacesVerdict.Forbidden, 403)]
    public void Invite_JudgedByWhatItNames(
        FieldReading reading, bool isEarlyOnly, ReplacedDialog found, bool isAuthorized, ReplacesVerdict verdict, int status)
    {
        Assert.That(ReplacesRule.Judge(reading, isEarlyOnly, found, isAuthorized), Is.EqualTo(verdict));
        Assert.That(ReplacesRule.StatusOf(verdict), Is.EqualTo(status));
    }

    [TestCase("c1", "t1", "f1", "tagged")]
    [TestCase("c1", "T1", "F1", "tagged")]
    [TestCase("c1", "f1", "t1", null)]
    [TestCase("c1", "t1", "0", "untagged")]
    [TestCase("c1", "t2", "0", "zero")]
    [TestCase("c1", "t3", "0", null)]
    [TestCase("C1", "t1", "f1", null)]
    [Property("rfc", "3891-6.1")]
    public void Find_ToTagIsOurs(string callId, string toTag, string fromTag, string? expected)
    {
        var table = new DialogTable<string>();
        Add(table, "t1", "f1", "tagged");
        Add(table, "t1", "", "untagged");
        Add(table, "t2", "0", "zero");
        Add(table, "t3", "0", "one of two");
        Add(table, "t3", "", "the other");

        Assert.That(ReplacesRule.Find(table, new Replaces(callId, toTag, fromTag)), Is.EqualTo(expected));
    }

    private static void Add(DialogTable<string> table, string local, string remote, string name) => table.TryAdd(
        DialogId.Create("c1"u8, System.Text.Encoding.ASCII.GetBytes(local), System.Text.Encoding.ASCII.GetBytes(remote)), name);
}

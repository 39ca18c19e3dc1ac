using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Sessions;

/// <summary>A phone in a room, which the host holds and lets go on; and what tests ask of it.</summary>
public abstract class HostHoldScene
{
    private readonly Stack<DialogWorld> _worlds = new();

    private protected DialogWorld All { get; private set; } = null!;

    private protected ScriptedPhone Phone => All.Phone;

    [SetUp]
    public void SetUp() => Start();

    [TearDown]
    public async Task TearDown()
    {
        while (_worlds.TryPop(out var world))
            await world.DisposeAsync();
    }

    private protected string Break()
    {
        var invite = Phone.WaitForRequest("INVITE");
        Phone.Received.Clear();
        All.World.Network.BreakConnection(Phone.EndPoint, VirtualWorld.ServerEndPoint);
        return $"{invite["Via"]} {invite["CSeq"]}";
    }

    private protected static int Number(SipText message) => int.Parse(message["CSeq"].Split(' ')[0], null);

    private protected void Start(SipTransportProtocol protocol = SipTransportProtocol.Udp)
    {
        All = new DialogWorld(protocol: protocol);
        _worlds.Push(All);
    }

    // A room with a phone that says 880 Hz, and the scripted phone, which says 440 Hz.
    private protected (RtpVoice Voice, ToneEndpoint Room, PhoneDialog Dialog, IPEndPoint Server) Talking(bool isIncoming)
    {
        var peer = new RtpPeer(All.World, "10.0.2.2:4000");
        All.Sockets = 2;
        var voice = new RtpVoice(peer, 440);
        var room = new ToneEndpoint(880);
        var dialog = All.Up(isIncoming);
        var server = All.Call.GetStatistics()!.Local;
        var carol = All.World.StartPhone("carol", room);
        Assert.That(All.World.Await(All.World.Await(carol.CallAsync("room1")).Answered).IsAnswered, Is.True);
        voice.Talk(2, server);
        return (voice, room, dialog, server);
    }

    private protected SipText Ask(string method, string body)
    {
        var local = Phone.Received.Last(m => m.IsResponse || m.Method == "INVITE");
        var dialog = new PhoneDialog(Phone, local["Call-ID"], local["To"], local["From"], local.ContactUri);
        return dialog.Ask(method, body);
    }

    private protected void Hold(bool withMusic = false, string answer = "inactive")
    {
        Phone.Received.Clear();
        var hold = All.Call.HoldAsync(withMusic ? new ToneEndpoint(600) : null);
        Accept(Phone.WaitForRequest("INVITE"), answer);
        Assert.That(All.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
    }

    private protected void Resume(string answer = "sendrecv")
    {
        Phone.Received.Clear();
        var resume = All.Call.ResumeAsync();
        Accept(Phone.WaitForRequest("INVITE"), answer);
        Assert.That(All.World.Await(resume), Is.EqualTo(CallCommandResult.Done));
    }

    private protected void Accept(SipText offer, string direction, bool waitForAck = true)
    {
        Phone.Respond(offer, 200, "OK", Phone.Sdp + $"a={direction}\r\n");
        if (waitForAck)
            Phone.WaitFor(m => !m.IsResponse && m.Method == "ACK" && m["CSeq"].Split(' ')[0] == offer["CSeq"].Split(' ')[0]);
    }

    private protected void Refuse(SipText offer, int status) => Phone.Respond(offer, status, "No");

    private protected void AssertThatItWasTold(string story)
    {
        var told = All.Host.Events.Where(e => e.Call.From != "carol" && e.Call.From != "dave").Select(e => e switch
        {
            CallEvent.Held held => held.ByHost ? "Held:host" : "Held:phone",
            CallEvent.Resumed resumed => resumed.ByHost ? "Resumed:host" : "Resumed:phone",
            _ => "",
        });
        Assert.That(string.Join(' ', told.Where(t => t.Length > 0)), Is.EqualTo(story));
    }

    private protected void Finish(PhoneDialog dialog)
    {
        Assert.That(dialog.Ask("BYE").Status, Is.EqualTo(200));
        All.AssertThatNothingStays();
    }
}

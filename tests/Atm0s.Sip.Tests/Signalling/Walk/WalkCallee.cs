using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling.Walk;

/// <summary>A called phone: rings or not, answers, refuses, forwards, says nothing, hangs up.</summary>
internal sealed class WalkCallee(VirtualWorld world, ScriptedPhone phone, Random random, Func<string> forwardTo, Action<WalkCallee> onReset)
    : WalkPhone(world, phone, random)
{
    private readonly Dictionary<string, Leg> _legs = [];

    private enum LegState
    {
        Ringing,
        Refused,
        Answered,
        Up,
        Over,
    }

    /// <summary>Calls that are up or on their way there, as the phone sees it.</summary>
    public int Up => _legs.Values.Count(leg => leg.State is LegState.Answered or LegState.Up);

    /// <summary>What it has done, by kind.</summary>
    public Dictionary<string, int> Done { get; } = [];

    protected override void OnMessage(SipText message)
    {
        if (message.IsResponse)
        {
            if (message.Method == "BYE")
                _legs.Values.FirstOrDefault(leg => leg.Invite["Call-ID"] == message["Call-ID"] && leg.Tag == message.FromTag)?.Bye?.Stop();
            return;
        }

        var key = $"{message["Call-ID"]} {message.FromTag} {message["CSeq"].Split(' ')[0]}";
        switch (message.Method)
        {
            case "INVITE" when _legs.TryGetValue(key, out var known):
                known.Last?.Invoke();
                break;
            case "INVITE":
                _legs[key] = Begin(message);
                break;
            case "CANCEL":
                Phone.Respond(message, 200, "OK");
                if (_legs.TryGetValue(key, out var cancelled) && cancelled.State == LegState.Ringing)
                    Refuse(cancelled, 487, "Request Terminated", "");
                break;
            case "ACK" when _legs.TryGetValue(key, out var acknowledged):
                OnAck(acknowledged);
                break;
            case "BYE":
                Phone.Respond(message, 200, "OK");
                foreach (var leg in _legs.Values.Where(l => l.Invite["Call-ID"] == message["Call-ID"] && l.Tag == message.ToTag))
                    End(leg);
                break;
        }
    }

    private Leg Begin(SipText invite)
    {
        var leg = new Leg(invite, $"{Phone.User}-{Random.Next(3)}");
        if (Random.Next(12) == 0)
        {
            Count("silent");
            return leg;
        }

        if (Random.Next(6) > 0)
        {
            Later(Random.Next(200), () =>
            {
                if (leg.State == LegState.Ringing)
                    Ring(leg);
            });
        }

        Later(Random.Next(100, 6000), () => Decide(leg));
        return leg;
    }

    private void Decide(Leg leg)
    {
        if (leg.State != LegState.Ringing)
            return;
        switch (Random.Next(16))
        {
            case < 6:
                Count("answered");
                leg.State = LegState.Answered;
                leg.Last = () => Phone.Respond(leg.Invite, 200, "OK", Phone.Sdp, leg.Tag);
                leg.Repetition = Repeat(leg.Last, () => Hang(leg));
                break;
            case < 8:
                Refuse(leg, 486, "Busy Here", "Retry-After: 10\r\n");
                break;
            case 8:
                Refuse(leg, 603, "Decline", "");
                break;
            case 9:
                Refuse(leg, 480, "Temporarily Unavailable", "");
                break;
            case 10:
                Refuse(leg, 503, "Service Unavailable", "");
                break;
            case < 14:
                Refuse(leg, 302, "Moved Temporarily", $"Contact: {forwardTo()}\r\n");
                break;
            case 14:
                Count("reset");
                onReset(this);
                break;
            default:
                Count("rings on");
                break;
        }
    }

    private void OnAck(Leg leg)
    {
        leg.Repetition?.Stop();
        if (leg.State == LegState.Refused)
            leg.State = LegState.Over;
        if (leg.State != LegState.Answered)
            return;
        leg.State = LegState.Up;
        if (Random.Next(2) == 0)
            Later(Random.Next(4000), () => Hang(leg));
    }

    private void Hang(Leg leg)
    {
        if (leg.State is not (LegState.Answered or LegState.Up))
            return;
        End(leg);
        var invite = leg.Invite;
        var branch = Phone.NewBranch();
        var transport = invite["Via"].Contains("/TCP", StringComparison.Ordinal) ? "TCP" : "UDP";
        leg.Bye = Repeat(() => Phone.Send(
            $"BYE {invite.ContactUri} SIP/2.0\r\nVia: SIP/2.0/{transport} {Phone.Address};branch={branch};rport\r\nMax-Forwards: 70\r\n"
            + $"From: {invite["To"]};tag={leg.Tag}\r\nTo: {invite["From"]}\r\nCall-ID: {invite["Call-ID"]}\r\n"
            + "CSeq: 7 BYE\r\nContent-Length: 0\r\n\r\n"));
    }

    private void Refuse(Leg leg, int status, string reason, string extra)
    {
        Count(status.ToString(null, null));
        leg.State = LegState.Refused;
        // Phone.Respond has a Contact of its own, which a 302 must not have.
        leg.Last = () => Phone.Send(
            $"SIP/2.0 {status} {reason}\r\nVia: {leg.Invite["Via"]}\r\nFrom: {leg.Invite["From"]}\r\n"
            + $"To: {leg.Invite["To"]};tag={leg.Tag}\r\nCall-ID: {leg.Invite["Call-ID"]}\r\nCSeq: "
                + $"{leg.Invite["CSeq"]}\r\n{extra}Content-Length: 0\r\n\r\n");
        leg.Repetition = Repeat(leg.Last);
    }

    private void Ring(Leg leg)
    {
        var speaks = Random.Next(4) == 0;
        leg.Last = () => Phone.Respond(leg.Invite, speaks ? 183 : 180, "Progress", speaks ? Phone.Sdp : "", leg.Tag);
        leg.Last();
    }

    private void Count(string what) => Done[what] = Done.GetValueOrDefault(what) + 1;

    private static void End(Leg leg)
    {
        leg.State = LegState.Over;
        leg.Repetition?.Stop();
    }

    private sealed class Leg(SipText invite, string tag)
    {
        public SipText Invite => invite;

        public string Tag => tag;

        public LegState State { get; set; }

        public Action? Last { get; set; }

        public Repetition? Repetition { get; set; }

        public Repetition? Bye { get; set; }
    }
}

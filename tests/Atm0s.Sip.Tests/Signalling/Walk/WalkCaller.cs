using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling.Walk;

/// <summary>A phone that calls: waits or gives up, and hangs up or lets the other do so.</summary>
internal sealed class WalkCaller(VirtualWorld world, ScriptedPhone phone, Random random) : WalkPhone(world, phone, random)
{
    private readonly Dictionary<string, Leg> _legs = [];

    private enum LegState
    {
        Calling,
        Up,
        Over,
    }

    /// <summary>Calls that have no final response yet, or are up, as the phone sees it.</summary>
    public int Open => _legs.Values.Count(leg => leg.State != LegState.Over);

    /// <summary>Final responses, by status code.</summary>
    public Dictionary<int, int> Finals { get; } = [];

    public void Call(string number, string callId)
    {
        var text = Phone.Request("INVITE", number, callId, Phone.Sdp, Phone.Contact());
        var leg = new Leg(new SipText(text));
        _legs[callId] = leg;
        leg.Request = Repeat(() => Phone.Send(text), () => leg.State = LegState.Over);
        if (Random.Next(3) == 0)
            Later(Random.Next(4000), () => GiveUp(leg));
    }

    protected override void OnMessage(SipText message)
    {
        if (!_legs.TryGetValue(message["Call-ID"], out var leg))
            return;
        if (!message.IsResponse)
        {
            if (message.Method == "BYE")
            {
                Phone.Respond(message, 200, "OK");
                leg.State = LegState.Over;
            }

            return;
        }

        switch (message.Method)
        {
            case "INVITE" when message.Status < 200:
                leg.Request!.Stop();
                leg.HasRung = true;
                if (leg.WantsOut)
                    Cancel(leg);
                break;
            case "INVITE":
                OnFinal(leg, message);
                break;
            case "CANCEL":
                leg.CancelRequest?.Stop();
                break;
            case "BYE":
                leg.Bye?.Stop();
                break;
        }
    }

    private void OnFinal(Leg leg, SipText response)
    {
        leg.Request!.Stop();
        leg.CancelRequest?.Stop();
        Phone.Ack(leg.Invite, response);
        if (leg.HasFinal)
            return;
        leg.HasFinal = true;
        Finals[response.Status] = Finals.GetValueOrDefault(response.Status) + 1;
        leg.State = response.Status < 300 ? LegState.Up : LegState.Over;
        if (leg.State == LegState.Up && (leg.WantsOut || Random.Next(2) == 0))
            Later(leg.WantsOut ? 0 : Random.Next(5000), () => Hang(leg, response));
    }

    private void GiveUp(Leg leg)
    {
        leg.WantsOut = true;
        if (leg.HasRung)
            Cancel(leg);
    }

    private void Cancel(Leg leg)
    {
        if (!leg.HasFinal)
            leg.CancelRequest ??= Repeat(() => Phone.Cancel(leg.Invite));
    }

    private void Hang(Leg leg, SipText ok)
    {
        if (leg.State != LegState.Up)
            return;
        leg.State = LegState.Over;
        SipText? bye = null;
        leg.Bye = Repeat(() =>
        {
            if (bye is null)
                bye = Phone.InDialog("BYE", leg.Invite, ok);
            else
                Phone.Send(bye.Raw);
        });
    }

    private sealed class Leg(SipText invite)
    {
        public SipText Invite => invite;

        public LegState State { get; set; }

        public bool HasRung { get; set; }

        public bool HasFinal { get; set; }

        public bool WantsOut { get; set; }

        public Repetition? Request { get; set; }

        public Repetition? CancelRequest { get; set; }

        public Repetition? Bye { get; set; }
    }
}

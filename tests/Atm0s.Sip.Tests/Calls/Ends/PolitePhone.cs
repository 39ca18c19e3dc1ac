using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Ends;

/// <summary>
/// Lets a scripted phone do what it owes once a call is over: acknowledge, answer CANCEL and BYE, end what is open. It says nothing of its
/// own.
/// </summary>
internal sealed class PolitePhone(DialogWorld all)
{
    private readonly HashSet<string> _answered = [];
    private int _seen;

    private ScriptedPhone Phone => all.Phone;

    public void Run(double seconds)
    {
        for (var passed = 0.0; passed < seconds; passed += 0.05)
        {
            Answer();
            all.Advance(0.05);
        }
    }

    private void Answer()
    {
        while (_seen < Phone.Received.Count)
        {
            var message = Phone.Received[_seen++];
            if (message.IsResponse)
                OnResponse(message);
            else
                OnRequest(message);
        }
    }

    private void OnResponse(SipText response)
    {
        if (response.Method != "INVITE" || response.Status is < 200 or 401 || InviteOf(response) is not { } invite)
            return;
        Phone.Ack(invite, response);
    }

    private void OnRequest(SipText request)
    {
        switch (request.Method)
        {
            case "ACK":
                return;
            case "CANCEL":
                Phone.Respond(request, 200, "OK", tag: TagOf(request));
                EndInvites(request["Call-ID"]);
                return;
            case "BYE":
                EndInvites(request["Call-ID"]);
                Once(request, 200);
                return;
            case "INVITE" when request.ToTag.Length == 0 && !HasAnswer(request):
                Phone.Respond(request, 100, "Trying");
                return;
            case "PRACK" or "UPDATE":
                Once(request, 481);
                return;
        }
    }

    private void Once(SipText request, int status)
    {
        _answered.Add(request["Via"]);
        Phone.Respond(request, status, "Answer");
    }

    private void EndInvites(string callId)
    {
        foreach (var invite in Phone.Received.Where(m => !m.IsResponse && m.Method == "INVITE" && m["Call-ID"] == callId).ToArray())
        {
            if (!HasFinal(invite) && _answered.Add(invite["Via"]))
                Phone.Respond(invite, 487, "Request Terminated", tag: TagOf(invite));
        }
    }

    // What the phone has said to a request of the server, as the wire has it.
    private bool HasAnswer(SipText request) => Answers(request).Any();

    private bool HasFinal(SipText request) => Answers(request).Any(m => m.Status >= 200);

    private IEnumerable<SipText> Answers(SipText request) => all.World.Network.Sent
        .Where(p => p.Source.Equals(Phone.EndPoint) && p.Text.StartsWith("SIP/2.0", StringComparison.Ordinal))
        .Select(p => new SipText(p.Text))
        .Where(m => m["Via"] == request["Via"] && m["CSeq"] == request["CSeq"]);

    private string TagOf(SipText request) =>
        all.World.Network.Sent.Where(p => p.Source.Equals(Phone.EndPoint) && p.Text.StartsWith("SIP/2.0 1", StringComparison.Ordinal))
            .Select(p => new SipText(p.Text)).FirstOrDefault(m => m["Call-ID"] == request["Call-ID"] && m.ToTag.Length > 0)?.ToTag
                ?? "answer";

    private SipText? InviteOf(SipText response) => all.World.Network.Sent
        .Where(p => p.Source.Equals(Phone.EndPoint) && p.Text.StartsWith("INVITE ", StringComparison.Ordinal))
        .Select(p => new SipText(p.Text))
        .FirstOrDefault(m => m["CSeq"] == response["CSeq"] && m["Call-ID"] == response["Call-ID"]);
}

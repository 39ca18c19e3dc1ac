using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Transfers;

/// <summary>A server whose host decides about transfers, and three phones that answer NOTIFY and BYE by themselves.</summary>
internal sealed class TransferWorld : ITransferHandler, IMessageHandler, IAsyncDisposable
{
    private readonly HashSet<SipText> _answered = [];

    public TransferWorld(Action<SipServerOptions>? configure = null, bool hasHandlers = true, int seed = 1)
    {
        World = new VirtualWorld(seed);
        Host.Decide = static (invite, _) =>
            ValueTask.FromResult(InviteDecision.JoinRoom(invite.To, endWhenOthersLeave: true));
        var handlers = new SipServerHandlers
        {
            Auth = Host,
            Invite = Host,
            Registrations = Host,
            Calls = Host,
            Transfers = hasHandlers ? this : null,
            Messages = hasHandlers ? this : null,
        };
        Server = World.StartServer(handlers, options =>
        {
            options.ShardCount = 1;
            options.Media.Timeout = TimeSpan.FromMinutes(30);
            configure?.Invoke(options);
        });
        Alice = new ScriptedPhone(World, "alice", "10.0.2.1");
        Bob = new ScriptedPhone(World, "bob", "10.0.2.2");
        Carol = new ScriptedPhone(World, "carol", "10.0.2.3");
    }

    public VirtualWorld World { get; }

    public TestHost Host { get; } = new();

    public SipServer Server { get; }

    public ScriptedPhone Alice { get; }

    public ScriptedPhone Bob { get; }

    public ScriptedPhone Carol { get; }

    /// <summary>Whether the phones answer NOTIFY and BYE.</summary>
    public bool PhonesAnswer { get; set; } = true;

    /// <summary>Decides about transfers. Default: does what is asked for.</summary>
    public Func<TransferRequest, CancellationToken, ValueTask<TransferDecision>> Transfer { get; set; } =
        static (_, _) => ValueTask.FromResult(TransferDecision.Accept());

    /// <summary>Decides about messages. Default: takes them.</summary>
    public Func<MessageRequest, CancellationToken, ValueTask<MessageDecision>> Message { get; set; } =
        static (_, _) => ValueTask.FromResult(MessageDecision.Accept());

    public List<TransferRequest> Asked { get; } = [];

    public List<MessageRequest> Messages { get; } = [];

    /// <summary>Dialogs, transactions that wait for a response, calls and rooms that are there.</summary>
    public (int Dialogs, int Calls, int Rooms) Left =>
        (Server.Parts.Stack.Shards.Sum(s => s.Dialogs.Count), Server.Calls.Count, Server.Rooms.Count);

    /// <summary>An answered call into a room.</summary>
    public (SipText Invite, SipText Ok) Call(ScriptedPhone phone, string callId, string room = "room1")
    {
        var invite = phone.Invite(room, callId);
        RunUntil(() => phone.Received.Exists(m => m.IsResponse && m.Method == "INVITE" && m.Status == 200 && m["Call-ID"] == callId));
        var ok = phone.Received.First(m => m.IsResponse && m.Method == "INVITE" && m.Status == 200 && m["Call-ID"] == callId);
        phone.Ack(invite, ok);
        Run(0.05);
        return (invite, ok);
    }

    /// <summary>A REFER, and its final response.</summary>
    public SipText Refer(ScriptedPhone phone, (SipText Invite, SipText Ok) call, string referTo, string extra = "")
    {
        var before = phone.Received.Count;
        phone.InDialog("REFER", call.Invite, call.Ok, extra: $"Refer-To: {referTo}\r\n{extra}");
        return WaitFor(phone, m => m.IsResponse && m.Method == "REFER" && m.Status >= 200, before);
    }

    /// <summary>The Replaces of a call as its phone writes it into a Refer-To.</summary>
    public static string ReplacesOf((SipText Invite, SipText Ok) call) =>
        $"{call.Invite["Call-ID"]}%3Bto-tag%3D{call.Ok.ToTag}%3Bfrom-tag%3D{call.Invite.FromTag}";

    /// <summary>Status and Subscription-State of the NOTIFYs that a phone has, each once, for example "100 active".</summary>
    public static string[] Notified(ScriptedPhone phone, string? callId = null) =>
    [
        .. phone.Received
            .Where(m => !m.IsResponse && m.Method == "NOTIFY" && (callId is null || m["Call-ID"] == callId))
            .DistinctBy(m => m["CSeq"] + m["Call-ID"])
            .Select(m => $"{m.Body.Split(' ')[1]} {m["Subscription-State"].Split(';')[0]}"),
    ];

    public static int Requests(ScriptedPhone phone, string method, string? callId = null) =>
        phone.Received.Where(m => !m.IsResponse && m.Method == method && (callId is null || m["Call-ID"] == callId))
            .DistinctBy(m => m["CSeq"] + m["Call-ID"]).Count();

    public SipText WaitFor(ScriptedPhone phone, Func<SipText, bool> wanted, int after = 0, double seconds = 120)
    {
        RunUntil(() => phone.Received.Skip(after).Any(wanted), seconds);
        return phone.Received.Skip(after).First(wanted);
    }

    /// <summary>Time passes; phones answer.</summary>
    public void Run(double seconds)
    {
        var end = World.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        RunUntil(() => World.Time.GetUtcNow() >= end, seconds + 1);
    }

    public void RunUntil(Func<bool> condition, double seconds = 120) => World.RunUntil(
        () =>
        {
            if (PhonesAnswer)
                AnswerAll();
            return condition();
        },
        TimeSpan.FromSeconds(seconds));

    /// <summary>The members of a room.</summary>
    public int MembersOf(string room) => Server.Rooms.FirstOrDefault(r => r.Id == room)?.Members ?? 0;

    /// <summary>The end of the call with a Call-ID of the phone, or null while it goes on.</summary>
    public CallEvent.Ended? EndOf(string sipCallId) =>
        Host.Events.OfType<CallEvent.Ended>().SingleOrDefault(e => e.Call.SipCallId == sipCallId);

    /// <summary>Loses packets that begin with a text, so many times.</summary>
    public void Lose(string start, int times)
    {
        World.Network.Filter = packet =>
        {
            if (times == 0 || !packet.StartLine.StartsWith(start, StringComparison.Ordinal))
                return true;
            times--;
            return false;
        };
    }

    public ValueTask<TransferDecision> HandleTransferAsync(TransferRequest transfer, CancellationToken cancellationToken)
    {
        Asked.Add(transfer);
        return Transfer(transfer, cancellationToken);
    }

    public ValueTask<MessageDecision> HandleMessageAsync(MessageRequest message, CancellationToken cancellationToken)
    {
        Messages.Add(message);
        return Message(message, cancellationToken);
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private void AnswerAll()
    {
        foreach (var phone in new[] { Alice, Bob, Carol })
        {
            foreach (var message in phone.Received.Where(m => !m.IsResponse && m.Method is "NOTIFY" or "BYE").ToArray())
            {
                if (_answered.Add(message))
                    phone.Respond(message, 200, "OK");
            }
        }
    }
}

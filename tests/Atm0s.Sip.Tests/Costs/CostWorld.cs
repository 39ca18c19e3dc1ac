using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Costs;

/// <summary>A server in virtual time that is given messages directly, to see what they cost.</summary>
internal sealed class CostWorld : IAsyncDisposable
{
    public CostWorld(Action<SipServerOptions>? configure = null)
    {
        var users = new MemoryHost();
        Server = World.StartServer(new SipServerHandlers { Auth = users, Invite = users, Registrations = users, Calls = users }, options =>
        {
            options.ShardCount = 1;
            options.Registrar.MaxExpires = TimeSpan.FromDays(1);
            configure?.Invoke(options);
        });
    }

    public VirtualWorld World { get; } = new();

    public SipServer Server { get; }

    /// <summary>Gives the server a message, and lets it do what that leads to.</summary>
    /// <returns>Bytes that it allocated.</returns>
    public long Receive(SipFlow flow, string text)
    {
        if (!SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, isStream: false, out var message, out var refusal)
            || refusal != SipRefusal.None)
            throw new ArgumentException($"The message can't be read: {refusal}.", nameof(text));
        message.RemoteEndPoint = flow.RemoteEndPoint;
        var before = GC.GetAllocatedBytesForCurrentThread();
        ((ISipTransportSink)Server.Parts.Stack).OnMessage(flow, message);
        World.Scheduler.RunUntilIdle();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The last answer that a phone got.</summary>
    public static SipText AnswerTo(SilentFlow flow) => new(Encoding.UTF8.GetString(flow.Last));

    /// <summary>Lets time pass in large steps.</summary>
    public void Pass(TimeSpan time)
    {
        for (var i = 0; i < 20; i++)
        {
            World.Time.Advance(time / 20);
            World.Scheduler.RunUntilIdle();
        }
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    [NonBlocking]
    private sealed class MemoryHost : IAuthProvider, IInviteHandler, IRegistrationObserver, ICallObserver
    {
        private readonly AuthDecision _alice = AuthDecision.WithHa1(
            Core.Authentication.Ha1.Compute("MD5", "alice", "test.local", "pw-alice"));
        private readonly InviteDecision _room = InviteDecision.JoinRoom("room");

        public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult(_alice);

        public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
            ValueTask.FromResult(_room);

        public ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken) => default;

        public ValueTask OnUnregisteredAsync(
            RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken) => default;

        public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken) => default;
    }
}

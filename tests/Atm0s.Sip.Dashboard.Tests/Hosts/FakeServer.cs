using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Dashboard.Tests.Hosts;

/// <summary>A server with as many calls as a test wants, and no sockets.</summary>
internal sealed class FakeServer : ISipServer
{
    private readonly Channel<SipServerEvent> _events = Channel.CreateUnbounded<SipServerEvent>();
    private readonly ConcurrentDictionary<string, FakeCall> _calls = new(StringComparer.Ordinal);

    /// <param name="calls">How many calls.</param>
    /// <param name="perRoom">How many of them share a room.</param>
    public FakeServer(int calls, int perRoom = 4)
    {
        for (var i = 1; i <= calls; i++)
            Add(new FakeCall(i, $"room{(i - 1) / perRoom}"));
    }

    /// <summary>What it throws whenever it is looked at; null for nothing.</summary>
    public Exception? Fault { get; set; }

    public IReadOnlyCollection<ISipCall> Calls => Fault is { } fault ? throw fault : [.. _calls.Values.OrderBy(static call => call.Id, StringComparer.Ordinal)];

    public IReadOnlyList<RegistrationInfo> Registrations { get; set; } = [];

    public IReadOnlyList<RoomInfo> Rooms => [.. _calls.Values.GroupBy(static call => call.Info.RoomId!)
        .Select(static room => new RoomInfo(room.Key, room.Count(), room.Count(), 48_000, [.. room.Select(static call => call.Id)]))];

    public IReadOnlyList<TrunkInfo> Trunks { get; set; } = [];

    public void Add(FakeCall call) => _calls[call.Id] = call;

    public void End(string id)
    {
        if (_calls.TryRemove(id, out var call))
            call.State = CallState.Ended;
    }

    /// <summary>Tells those who watch.</summary>
    public void Tell(SipServerEvent what) => _events.Writer.TryWrite(what);

    public bool TryGetCall(string callId, [NotNullWhen(true)] out ISipCall? call)
    {
        call = _calls.GetValueOrDefault(callId);
        return call is not null;
    }

    public IReadOnlyList<RegistrationInfo> FindRegistrations(string username) => [];

    public IAsyncEnumerable<SipServerEvent> WatchAsync(CancellationToken cancellationToken = default) =>
        _events.Reader.ReadAllAsync(cancellationToken);

    public ValueTask<ISipCall> CallClientAsync(
        string roomId, string sessionId, string fromNumber, OutgoingCallOptions? options = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<ISipCall> CallUserAsync(
        string roomId, string username, string fromNumber, OutgoingCallOptions? options = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<ISipCall> CallGroupAsync(
        string roomId, IReadOnlyList<string> usernames, string fromNumber, OutgoingCallOptions? options = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<ISipCall> CallServerAsync(
        string roomId, string target, string fromNumber, OutgoingCallOptions? options = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<ISipCall> CallTrunkAsync(
        string roomId, string trunk, string number, string fromNumber, OutgoingCallOptions? options = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MessageResult> SendMessageAsync(
        string target, string fromNumber, string text, SendMessageOptions? options = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<TrunkInfo> AddTrunkAsync(TrunkOptions trunk) => throw new NotSupportedException();

    public Task<bool> RemoveTrunkAsync(string name) => throw new NotSupportedException();

    public bool TryGetReport(string callId, [NotNullWhen(true)] out CallReport? report)
    {
        report = null;
        return false;
    }

    public EndedCallPage FindEndedCalls(EndedCallFilter? filter = null) => new([], null);

    public IReadOnlyList<CallReport> FindRelatedCalls(string callId) => [];

    public bool IsDraining => false;

    public Task<int> DrainAsync(TimeSpan limit, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

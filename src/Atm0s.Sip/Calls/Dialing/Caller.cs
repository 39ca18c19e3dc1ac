using System.Diagnostics;
using System.Net;
using System.Text;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Setup;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics.Tracing;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;
using Atm0s.Sip.Trunks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>Starts outgoing calls. Any thread.</summary>
internal sealed class Caller(CallServices services)
{
    private const int MaxTarget = 1024;

    /// <summary>Rings a registered phone over the connection it registered from.</summary>
    public ISipCall CallClient(string roomId, string sessionId, string fromNumber, OutgoingCallOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        Check(roomId, fromNumber, options);
        if (!services.Registrar.TryGet(sessionId, out var binding))
        {
            var unknown = NewInfo(roomId, fromNumber, options.ToNumber ?? sessionId, null);
            return Refuse(unknown, options, CallEndCause.Gone, 480, "the session is not registered");
        }

        var info = NewInfo(roomId, fromNumber, options.ToNumber ?? binding.Info.Username, binding.Info.Username);
        return Start(roomId, info, [[services.Users.Of(binding, options.ToNumber)]], options);
    }

    /// <summary>Rings the phones of a user.</summary>
    public ISipCall CallUser(string roomId, string username, string fromNumber, OutgoingCallOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(username);
        Check(roomId, fromNumber, options);
        NoControls(username, nameof(username));
        var info = NewInfo(roomId, fromNumber, options.ToNumber ?? username, username);
        return services.Users.Find(username, options.RingOrder, options.ToNumber) is { Count: > 0 } phones
            ? Start(roomId, info, phones, options)
            : Refuse(info, options, CallEndCause.Gone, 480, "the user is not registered");
    }

    /// <summary>Rings the phones of several users.</summary>
    public ISipCall CallGroup(string roomId, IReadOnlyList<string> usernames, string fromNumber, OutgoingCallOptions options)
    {
        ArgumentNullException.ThrowIfNull(usernames);
        if (usernames.Count is 0 or > UserTargets.Max || usernames.Any(string.IsNullOrEmpty))
            throw new ArgumentException($"A group is 1 to {UserTargets.Max} user names.", nameof(usernames));
        Check(roomId, fromNumber, options);
        foreach (var username in usernames)
            NoControls(username, nameof(usernames));
        var info = NewInfo(roomId, fromNumber, options.ToNumber ?? usernames[0], null);
        var groups = usernames.Distinct(StringComparer.Ordinal)
            .SelectMany(username => services.Users.Find(username, options.RingOrder, options.ToNumber)).ToList();
        if (groups.Count == 0)
            return Refuse(info, options, CallEndCause.Gone, 480, "nobody of the group is registered");
        return Start(
            roomId, info, options.RingOrder == RingOrder.ByPriority ? groups : [[.. groups.SelectMany(group => group)]], options);
    }

    /// <summary>Calls an address.</summary>
    /// <param name="roomId">Room to ring it into.</param>
    /// <param name="target">The address.</param>
    /// <param name="fromNumber">Number it is shown.</param>
    /// <param name="options">More settings.</param>
    /// <param name="cancellationToken">Nobody waits for the address any more.</param>
    /// <param name="mayLead">Whether it may lead to a place; null when it is the host's own.</param>
    public async Task<ISipCall> CallServerAsync(
        string roomId,
        string target,
        string fromNumber,
        OutgoingCallOptions options,
        CancellationToken cancellationToken,
        Func<IPEndPoint, bool>? mayLead = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        Check(roomId, fromNumber, options);
        if (target.Length > MaxTarget || !SipUri.TryParse(target, out var uri) || target.Contains('?', StringComparison.Ordinal))
            throw new ArgumentException(
                $"\"{target}\" is no address to call; write for example sip:1001@192.0.2.7:5060;transport=tcp.", nameof(target));
        if (UriTransport.ProblemOf(Encoding.UTF8.GetBytes(target), services.Stack.Spoken) is { } problem)
            throw new ArgumentException($"\"{target}\" {problem}.", nameof(target));
        var info = NewInfo(roomId, fromNumber, options.ToNumber ?? uri.User ?? uri.Host, null);
        var places = FlowResolver.PlacesOf(uri, await services.Hosts.FindAllAsync(uri.Host, cancellationToken).ConfigureAwait(false));
        if (mayLead is not null && places.Count > 0 && (places = [.. places.Where(mayLead)]).Count == 0)
            return Refuse(info, options, CallEndCause.Rejected, 403, "who asked for it may not send this server there");
        if (FlowResolver.Choose(services.Stack, uri, places) is not { } way)
            return Unreachable(info, options, uri.Host);
        var domain = services.Authenticator.Domains.HostTowards(way.Flow);
        var called = new OutboundTarget(way.Flow, target, AddressOf(uri), domain)
        {
            OtherPlaces = way.Others,
            Peer = way.Peer,
            OverTcp = OverTcp(uri, way.Flow),
        };
        return Start(roomId, info, [[called]], options);
    }

    /// <summary>Calls a number over a trunk.</summary>
    public async Task<ISipCall> CallTrunkAsync(
        string roomId, string trunkName, string number, string fromNumber, OutgoingCallOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(trunkName);
        ArgumentException.ThrowIfNullOrEmpty(number);
        Check(roomId, fromNumber, options);
        NoControls(number, nameof(number));
        var info = NewInfo(roomId, fromNumber, options.ToNumber ?? number, null) with { Trunk = trunkName };
        if (!services.Trunks.TryGet(trunkName, out var trunk))
            return Refuse(info, options, CallEndCause.Gone, 404, "there is no trunk of that name");
        if (await trunk.FindWayAsync(cancellationToken).ConfigureAwait(false) is not { } way)
            return Unreachable(info, options, trunk.Options.Server);
        var (target, to) = (trunk.UriOf(number), trunk.AddressOf(number));
        var withCredentials = options with { Credentials = options.Credentials ?? trunk.Options.Credentials };
        var called = new OutboundTarget(way.Flow, target, to, trunk.HostInUri)
        {
            OtherPlaces = way.Others,
            Peer = way.Peer,
            OverTcp = OverTcp(trunk.Server, way.Flow),
        };
        return Start(roomId, info, [[called]], withCredentials, trunk);
    }

    // Where the URI names no transport it is ours to choose (RFC 3263 §4.1).
    private Func<SipFlow?>? OverTcp(SipUri uri, SipFlow flow) => uri.Transport is not null || flow.IsReliable ? null
        : () => services.Stack.TryGetFlow(SipTransportProtocol.Tcp, flow.RemoteEndPoint);

    // RFC 3261 table 1: no port and no parameters in To.
    private static string AddressOf(SipUri uri) => SipUri.Create(uri.User, uri.Host).ToString();

    private EndedCall Unreachable(CallInfo info, OutgoingCallOptions options, string where) =>
        Refuse(info, options, CallEndCause.Gone, 503, $"{where} is not known, or no listener reaches it over that transport");

    // Whom it was to ring for is told, as of any refusal.
    private EndedCall Refuse(CallInfo info, OutgoingCallOptions options, CallEndCause cause, int status, string reason)
    {
        var why = new CallEnd(cause, status, reason);
        services.Rings.OnRefused(info.RoomId!, options.ForCallId, why);
        services.Metrics.Calls.Refused(CallDirection.Outgoing, RefusalOf(why));
        return new EndedCall(services, info, why, options.ForCallId);
    }

    internal static void Check(string roomId, string fromNumber, OutgoingCallOptions options)
    {
        RoomName.Check(roomId);
        ArgumentException.ThrowIfNullOrEmpty(fromNumber);
        NoControls(fromNumber, nameof(fromNumber));
        NoControls(options.ToNumber, nameof(options.ToNumber));
        NoControls(options.DisplayName, nameof(options.DisplayName));
        NoControls(options.Credentials?.Username, nameof(options.Credentials));
        if (options.RingTimeout is { } ring && (ring < TimeSpan.FromSeconds(1) || ring > TimeSpan.FromMinutes(10)))
            throw new ArgumentOutOfRangeException(
                nameof(options), ring, "RingTimeout is from 1 s to 10 minutes; null takes Calls.RingTimeout of the server.");
        if (options.RingTimePerGroup < TimeSpan.FromSeconds(1) || options.RingTimePerGroup > TimeSpan.FromMinutes(10))
            throw new ArgumentOutOfRangeException(
                nameof(options), options.RingTimePerGroup, "RingTimePerGroup is from 1 s to 10 minutes, for example 20 s.");
        if (options.MaxRedirects is < 0 or > 5)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxRedirects, "MaxRedirects is from 0 to 5.");
        if (!Enum.IsDefined(options.RingOrder))
            throw new ArgumentOutOfRangeException(nameof(options), options.RingOrder, "RingOrder is AllAtOnce or ByPriority.");
    }

    private static void NoControls(string? value, string name)
    {
        if (value is not null && (value.Length > 256 || value.Any(char.IsControl)))
            throw new ArgumentException("A number or name has at most 256 characters and no control characters.", name);
    }

    private ISipCall Start(
        string roomId,
        CallInfo info,
        IReadOnlyList<IReadOnlyList<OutboundTarget>> targets,
        OutgoingCallOptions options,
        Trunk? trunk = null)
    {
        var caller = options.ForCallId is { } id && services.Calls.TryGet(id, out var found) ? found : null;
        var hops = HopLimit.ForNewCall(caller);
        if (hops < 1)
            return Refuse(info, options, CallEndCause.Rejected, 483, "the call that it is made for has gone over too many servers");
        // What is up goes on, with whom it needs; a room without a call of ours is a new conversation.
        if (services.Drain.IsOn && caller is null && options.Referral is null && services.Calls.InRoom(roomId).Count == 0)
            return Refuse(info, options, CallEndCause.Shutdown, 503, "the server takes no new calls: it drains");
        if (!services.Calls.TryTakePlace(services.Options.Calls.MaxCalls))
            return Refuse(info, options, CallEndCause.Failed, 503, "the server has as many calls as it may have");
        Call call;
        try
        {
            call = NewCall(info, targets, options, trunk, caller, hops);
        }
        catch
        {
            // A listener of traces, say: there is no call that has the place.
            services.Calls.GiveBack();
            throw;
        }

        services.Calls.Add(call);
        var called = targets.Select(group => group.Select(target => target with { Credentials = options.Credentials }).ToList()).ToList();
        call.Post(() => call.Begin(new OutboundSetup(call, roomId, called, options)));
        return call.Handle;
    }

    private Call NewCall(
        CallInfo info,
        IReadOnlyList<IReadOnlyList<OutboundTarget>> targets,
        OutgoingCallOptions options,
        Trunk? trunk,
        Call? caller,
        int hops)
    {
        // Before the call, which is known to the traces of the wire as soon as it is made.
        var trace = services.Tracer.BeginOutgoing(ParentOf(options, caller));
        trace?.Describe(info);
        var shard = services.Stack.ShardOf(Encoding.UTF8.GetBytes(info.SipCallId));
        return new Call(services, shard, info, options.Credentials)
        {
            ForCallId = options.ForCallId,
            RingStamp = services.Rings.Begin(),
            HidesNumber = options.Anonymous,
            Hops = hops,
            UsesSips = targets.Any(group => group.Any(target => UriTransport.IsSips(Encoding.UTF8.GetBytes(target.RequestUri)))),
            Referral = options.Referral,
            Trace = trace,
            Trunk = trunk is null ? null : new TrunkSources(trunk),
        };
    }

    // What the host does just now, or for whom the call is made.
    private static ActivityContext ParentOf(OutgoingCallOptions options, Call? caller) =>
        Activity.Current?.Context ?? (options.Referral?.Referrer ?? caller)?.Trace?.Context ?? default;

    private static string RefusalOf(CallEnd why) => (why.Cause, why.Status) switch
    {
        (CallEndCause.Gone, 404) => "no_trunk",
        (CallEndCause.Gone, 480) => "not_registered",
        (CallEndCause.Gone, _) => "unreachable",
        (CallEndCause.Rejected, 483) => "too_many_hops",
        (CallEndCause.Rejected, _) => "forbidden",
        (CallEndCause.Shutdown, _) => "draining",
        _ => "calls_max",
    };

    private CallInfo NewInfo(string roomId, string from, string to, string? username) => new()
    {
        CallId = services.Stack.Ids.NewCallId(),
        SipCallId = services.Stack.Ids.NewCallId(),
        Direction = CallDirection.Outgoing,
        From = from,
        To = to,
        RoomId = roomId,
        Username = username,
    };
}

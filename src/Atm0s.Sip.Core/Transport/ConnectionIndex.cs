using System.Collections.Concurrent;
using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Core.Transport;

/// <summary>The connections of a listener, found by where they lead and, over TLS, by whom they are for. Any thread.</summary>
internal sealed class ConnectionIndex
{
    // A peer has one listener, or one for each of a few users.
    private const int MaxAliases = 4;

    private readonly ConcurrentDictionary<ConnectionKey, TcpSipFlow> _connections = new();
    private readonly ConcurrentDictionary<IPEndPoint, TcpSipFlow> _aliases = new();

    public int Count => _connections.Count;

    /// <summary>Finds one, which may be closed.</summary>
    public TcpSipFlow? Find(ConnectionKey key) => _connections.GetValueOrDefault(key);

    /// <summary>
    /// Finds one that the peer has opened: the very one, or one that it has named as another way to the same place. For a peer that is
    /// known
    /// by name it must have shown that name (RFC 5923 §8.1).
    /// </summary>
    public TcpSipFlow? FindAccepted(IPEndPoint remote, TlsPeer? peer)
    {
        var isAlias = false;
        if (!_connections.TryGetValue(new ConnectionKey(remote, null), out var flow))
            isAlias = _aliases.TryGetValue(remote, out flow);
        if (flow is null || flow.IsClosed)
            return null;
        // Others may be behind the same address: that it is the same place has only been said.
        if (peer is null)
            return isAlias ? null : flow;
        // Its identity was judged by the listener's roots: a peer with roots of its own, or who is shown a certificate of its own, is met
        // on a connection of ours.
        if (peer.Options is { TrustedRoots: not null } or { Certificate: not null })
            return null;
        var name = peer.Options?.ServerName ?? peer.Name;
        return flow.PeerIdentity?.Names.Contains(name, StringComparer.OrdinalIgnoreCase) == true ? flow : null;
    }

    /// <summary>Adds one, in place of one that is closed.</summary>
    /// <returns>False when somebody else has added another one meanwhile.</returns>
    public bool TryAdd(TcpSipFlow flow, TcpSipFlow? closed = null)
    {
        var key = new ConnectionKey(flow.RemoteEndPoint, flow.Peer);
        return (closed is not null && _connections.TryUpdate(key, flow, closed)) || _connections.TryAdd(key, flow);
    }

    /// <summary>One is closed.</summary>
    public void Remove(TcpSipFlow flow)
    {
        _connections.TryRemove(KeyValuePair.Create(new ConnectionKey(flow.RemoteEndPoint, flow.Peer), flow));
        foreach (var place in flow.TakeAliases())
            _aliases.TryRemove(KeyValuePair.Create(place, flow));
    }

    /// <summary>
    /// A message came. RFC 5923 §8.2: who has authenticated itself, and says <c>alias</c> in its Via, is called over its own connection.
    /// </summary>
    public void OnMessage(TcpSipFlow flow, SipMessage message)
    {
        if (!flow.IsAccepted || flow.PeerIdentity is null || !message.IsRequest)
            return;
        var via = message.TopVia;
        if (!via.TryGetParameter("alias"u8, out _))
            return;
        var place = new IPEndPoint(flow.RemoteEndPoint.Address, via.Port == 0 ? flow.Protocol.DefaultPort() : via.Port);
        if (_aliases.TryGetValue(place, out var known))
        {
            // Whoever is there stays, as long as it is.
            if (ReferenceEquals(known, flow) || !known.IsClosed)
                return;
            _aliases.TryRemove(KeyValuePair.Create(place, known));
        }

        if (!flow.TryAddAlias(place, MaxAliases))
            return;
        if (!_aliases.TryAdd(place, flow))
            flow.RemoveAlias(place);
        else if (flow.IsClosed)
            _aliases.TryRemove(KeyValuePair.Create(place, flow));
    }
}

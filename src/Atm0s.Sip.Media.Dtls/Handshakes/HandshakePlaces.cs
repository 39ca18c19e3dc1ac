namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>
/// How many handshakes there may be at a time, and in a second: in all, and for the peers of one network. Who finds no place waits in
/// order, behind those whose network has fewer. A handshake that takes long gives way to who waits: who takes places only to hold them
/// keeps nobody out. Any thread.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="time">The clock.</param>
internal sealed class HandshakePlaces(DtlsOptions options, TimeProvider time)
{
    /// <summary>A handshake gives way only when it had so long: one takes 0.2 s, and with a flight lost 0.7 s.</summary>
    public static readonly TimeSpan TimeToFinish = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private const int WaitingForEachPlace = 16;
    private const int MaxIdleShares = 512;
    private const int Parts = 4; // of the rate, a network has one

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, HandshakeShare> _shares = [];
    private readonly Dictionary<IHandshake, HandshakePlace> _places = new(ReferenceEqualityComparer.Instance);
    private readonly LinkedList<HandshakePlace> _waiting = []; // the first has waited longest
    private readonly LinkedList<HandshakePlace> _taken = [];   // the first was taken first
    private readonly long _each = Math.Max(1, time.TimestampFrequency / options.MaxHandshakesPerSecond);
    private readonly long _eachOfOne = Math.Max(1, time.TimestampFrequency / Math.Max(1, options.MaxHandshakesPerSecond / Parts));
    private long _full = time.GetTimestamp(); // when the bucket of all is full again
    private long _moved = time.GetTimestamp();

    /// <summary>Handshakes under way.</summary>
    public int UnderWay
    {
        get
        {
            lock (_gate)
                return _taken.Count;
        }
    }

    /// <summary>Wants a place: it is told when it has one, which may be at once.</summary>
    /// <returns>False when too many wait already.</returns>
    public bool TryEnter(IHandshake handshake)
    {
        lock (_gate)
        {
            var network = handshake.Network;
            if (!_shares.TryGetValue(network, out var share))
                _shares.Add(network, share = new HandshakeShare(network));
            if (share.Waiting >= WaitingForEachPlace * options.MaxHandshakesPerNetwork)
                return false;
            var place = new HandshakePlace(handshake, share);
            if (!_places.TryAdd(handshake, place))
                return true;
            _waiting.AddLast(place);
            share.Waiting++;
        }

        Move();
        return true;
    }

    /// <summary>Gives the place back, or waits no longer; one that has none does nothing.</summary>
    public void Leave(IHandshake handshake)
    {
        lock (_gate)
        {
            if (!_places.Remove(handshake, out var place))
                return;
            var share = place.Share;
            if (place.Taken is null)
            {
                _waiting.Remove(place);
                share.Waiting--;
            }
            else
            {
                _taken.Remove(place);
                share.UnderWay--;
                share.GivingWay -= place.GivesWay ? 1 : 0;
            }

            Forget(share, time.GetTimestamp());
        }

        Move();
    }

    /// <summary>Time has passed: gives places to those who wait. Whoever waits calls it as often as he likes.</summary>
    public void Poll()
    {
        var now = time.GetTimestamp();
        var last = Volatile.Read(ref _moved);
        if (time.GetElapsedTime(last, now) >= Pace && Interlocked.CompareExchange(ref _moved, now, last) == last)
            Move();
    }

    private void Move()
    {
        List<IHandshake>? giveWay;
        lock (_gate)
        {
            if (_waiting.Count == 0)
                return;
            var now = time.GetTimestamp();
            while (HasRate(_full, _each, now) && FindNext(now) is { } next)
                Give(next, now);
            giveWay = TakeWhoGiveWay(now);
        }

        foreach (var handshake in giveWay ?? [])
            handshake.GiveWay();
    }

    // A bucket for a second, which fills with one a slice of it.
    private bool HasRate(long full, long each, long now) => Math.Max(full, now) + each - now <= time.TimestampFrequency;

    // Of those that may begin, one of the network that has fewest; of several the one that has waited longest.
    private HandshakePlace? FindNext(long now)
    {
        if (_taken.Count >= options.MaxHandshakes)
            return null;
        HandshakePlace? next = null;
        foreach (var place in _waiting)
        {
            var share = place.Share;
            if (share.UnderWay < options.MaxHandshakesPerNetwork && HasRate(share.Full, _eachOfOne, now)
                && (next is null || share.UnderWay < next.Share.UnderWay))
                next = place;
        }

        return next;
    }

    private void Give(HandshakePlace place, long now)
    {
        var share = place.Share;
        _waiting.Remove(place);
        _taken.AddLast(place);
        (share.Waiting, share.UnderWay, place.Taken) = (share.Waiting - 1, share.UnderWay + 1, now);
        (share.Full, _full) = (Math.Max(share.Full, now) + _eachOfOne, Math.Max(_full, now) + _each);
        place.Handshake.OnPlace();
    }

    // The oldest ones, one for each who waits: of any network when there are no places, of one when that has its share.
    private List<IHandshake>? TakeWhoGiveWay(long now)
    {
        var missing = _taken.Count < options.MaxHandshakes ? 0 : CountThatMiss();
        List<IHandshake>? all = null;
        foreach (var place in _taken)
        {
            if (time.GetElapsedTime(place.Taken!.Value, now) < TimeToFinish)
                break;
            var share = place.Share;
            var isWaitedFor = share.UnderWay >= options.MaxHandshakesPerNetwork && share.GivingWay < share.Waiting;
            if (place.GivesWay || (missing <= 0 && !isWaitedFor))
                continue;
            (place.GivesWay, share.GivingWay, missing) = (true, share.GivingWay + 1, missing - 1);
            (all ??= []).Add(place.Handshake);
        }

        return all;
    }

    // Who waits and has a share, less the places that are on their way.
    private int CountThatMiss()
    {
        var count = 0;
        foreach (var place in _waiting)
            count += place.Share.UnderWay < options.MaxHandshakesPerNetwork ? 1 : 0;
        foreach (var place in _taken)
            count -= place.GivesWay ? 1 : 0;
        return count;
    }

    // Its part of the rate is remembered for as long as it says something.
    private void Forget(HandshakeShare share, long now)
    {
        if (share.IsIdle(now))
            _shares.Remove(share.Network);
        if (_shares.Count <= MaxIdleShares)
            return;
        foreach (var (network, idle) in _shares)
        {
            if (idle.IsIdle(now))
                _shares.Remove(network);
        }
    }
}

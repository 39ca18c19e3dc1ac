using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Defence;

/// <summary>
/// Sources that have offended again and again, and are dropped for a time. Only what a verified source has done counts: nobody is locked
/// out for packets that others send in his name; a right password forgives all. Any thread.
/// </summary>
/// <param name="options">After how many, and for how long; off by default.</param>
internal sealed class Offenders(DefenceOptions options)
{
    private const int MaxSources = 65_536;

    private readonly Lock _lock = new();
    private readonly Dictionary<SourceKey, Offences> _sources = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _sources.Count;
        }
    }

    /// <summary>Whether a source is dropped. Allocates nothing.</summary>
    public bool IsDropped(SourceKey source, TimeSpan now)
    {
        if (options.MaxOffencesPerSource == 0)
            return false;
        lock (_lock)
            return _sources.TryGetValue(source, out var offences) && now < offences.DroppedUntil;
    }

    /// <summary>A source has offended.</summary>
    /// <returns>Whether it is dropped from now on.</returns>
    public bool Add(IPAddress address, TimeSpan now)
    {
        if (options.MaxOffencesPerSource == 0)
            return false;
        var source = SourceKey.Of(address);
        lock (_lock)
        {
            if (!_sources.TryGetValue(source, out var offences) || now - offences.Since >= options.OffenceWindow)
            {
                if (_sources.Count >= MaxSources)
                    _sources.Remove(_sources.First().Key);
                offences = new Offences(0, now, TimeSpan.Zero);
            }

            var isOne = offences.Count + 1 >= options.MaxOffencesPerSource;
            _sources[source] = isOne ? new Offences(0, now, now + options.DropDuration) : offences with { Count = offences.Count + 1 };
            return isOne;
        }
    }

    /// <summary>Somebody there has shown a right password.</summary>
    public void Forgive(IPAddress address)
    {
        if (options.MaxOffencesPerSource == 0)
            return;
        lock (_lock)
            _sources.Remove(SourceKey.Of(address));
    }

    private readonly record struct Offences(int Count, TimeSpan Since, TimeSpan DroppedUntil);
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Records;

/// <summary>The calls that have ended and are kept. Any thread.</summary>
internal sealed class CallHistory
{
    private const int MaxLimit = 1_000;
    private const int ReportSize = 768;     // with the dictionary's entry

    private readonly Lock _lock = new();
    private readonly SipClock _clock;
    private readonly RecordShelf _ended;
    private readonly RecordShelf _failed;
    private readonly RecordShelf _refused;
    private readonly Dictionary<string, CallReport> _byId = new(StringComparer.Ordinal);
    private long _sequence;

    public CallHistory(CallRecordOptions options, SipClock clock)
    {
        _clock = clock;
        _ended = new RecordShelf(options.MaxEndedCalls, options.MaxRecordBytes / 8, options.EndedCallAge);
        _failed = new RecordShelf(options.MaxFailedCalls, options.MaxRecordBytes / 4, options.FailedCallAge);
        _refused = new RecordShelf(options.MaxRefusedCalls, options.MaxRecordBytes / 8, options.FailedCallAge);
    }

    private RecordShelf[] Shelves => [_ended, _failed, _refused];

    /// <summary>A call has ended.</summary>
    public void Add(CallReport report, CallRecord record)
    {
        var shelf = ShelfOf(report);
        if (!shelf.IsOpen)
        {
            record.Release();
            return;
        }

        var bytes = ReportSize + record.Memory + TextOf(report.Info) + TextOf(report.End?.Failure);
        lock (_lock)
        {
            shelf.Add(new KeptCall(report, record, ++_sequence, bytes));
            _byId[report.Id] = report;
            Drop(shelf);
        }
    }

    /// <summary>Whether anything that was refused is kept.</summary>
    public bool KeepsRefused => _refused.IsOpen;

    /// <summary>Drops what is too old.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            foreach (var shelf in Shelves)
                Drop(shelf);
        }
    }

    public bool TryGet(string callId, [NotNullWhen(true)] out CallReport? report)
    {
        lock (_lock)
        {
            foreach (var shelf in Shelves)
                Drop(shelf);
            return _byId.TryGetValue(callId, out report);
        }
    }

    /// <summary>All that is kept, oldest first.</summary>
    public IReadOnlyList<KeptCall> All
    {
        get
        {
            KeptCall[] all;
            lock (_lock)
            {
                foreach (var shelf in Shelves)
                    Drop(shelf);
                all = [.. Shelves.SelectMany(shelf => shelf.Calls)];
            }

            Array.Sort(all, static (a, b) => a.Sequence.CompareTo(b.Sequence));
            return all;
        }
    }

    /// <summary>Those that are asked for, the last first.</summary>
    /// <exception cref="ArgumentException">See <see cref="ISipServer.FindEndedCalls"/>.</exception>
    public EndedCallPage Find(EndedCallFilter filter)
    {
        if (filter.Limit is < 1 or > MaxLimit)
            throw new ArgumentOutOfRangeException(nameof(filter), filter.Limit, $"Limit is from 1 to {MaxLimit}.");
        var before = long.MaxValue;
        if (filter.After is { } after && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            throw new ArgumentException("After is the Next of an earlier page.", nameof(filter));
        var found = All.Reverse().Where(call => call.Sequence < before && EndedCallRules.Matches(filter, call.Report))
            .Take(filter.Limit + 1).ToList();
        var hasMore = found.Count > filter.Limit;
        return new EndedCallPage(
            [.. found.Take(filter.Limit).Select(call => call.Report)],
            hasMore ? found[filter.Limit - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null);
    }

    // What strangers can bring about has a place of its own.
    private RecordShelf ShelfOf(CallReport report) =>
        report.WasTurnedAway || report is { Info.Direction: CallDirection.Incoming, CallerAuthentication: CallerAuthentication.None }
            ? _refused
        : report.HasFailed ? _failed
        : _ended;

    private static long TextOf(CallInfo info)
    {
        var attributes = info.Attributes.Count == 0 ? 0
            : info.Attributes.Sum(static attribute => attribute.Key.Length + attribute.Value.Length);
        return 2L * (info.SipCallId.Length + info.From.Length + info.To.Length + attributes);
    }

    private static long TextOf(CallFailure? failure) =>
        failure is null ? 0
        : 2L * ((failure.Reason?.Length ?? 0) + (failure.Warning?.Length ?? 0) + failure.Contacts.Sum(contact => contact.Length));

    private void Drop(RecordShelf shelf)
    {
        var now = _clock.UtcNow;
        while (shelf.TryDropOne(now, out var dropped))
        {
            _byId.Remove(dropped.Report.Id);
            dropped.Record.Release();
        }
    }
}

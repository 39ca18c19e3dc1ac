using System.Text.Json;
using Atm0s.Sip.Dashboard.Messages;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>The server as the pages have it, and what to tell them of it. The feed's lock guards it.</summary>
/// <param name="server">Is looked at.</param>
/// <param name="options">Limits.</param>
internal sealed class DashboardState(ISipServer server, SipDashboardOptions options) : IDisposable
{
    private const int MaxEnded = 500;
    private const int PhoneSeconds = 10; // from count to count while nobody looks
    private const int PhonesEvery = 25; // looks, for what no event told

    private readonly LiveCalls _calls = new(server, options.MaxRows);
    private readonly RowTable<RoomRow> _rooms = new(static row => row.Id);
    private readonly RowTable<PhoneRow> _phones = new(static row => row.Id);
    private readonly RowTable<TrunkRow> _trunks = new(static row => row.Name);
    private readonly EndedTable _ended = new(server, Math.Min(options.MaxRows, MaxEnded));
    private readonly Refusals _refusals = new();
    private readonly History _history = new();
    private readonly Tidings _tidings = new();
    private int _looks;
    private int _phoneCount;
    private long _lastSecond;
    private Second? _untold;
    private Rows<RefusalRow>? _untoldRefusals;

    public void Start() => _refusals.Start();

    public void Add(SipServerEvent what, DateTimeOffset now) => _tidings.Add(what, now);

    /// <summary>Writes the second down that has passed, if one has.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isWatched">Whether <see cref="Look"/> is called, too.</param>
    public void StepSecond(DateTimeOffset now, bool isWatched)
    {
        var second = now.ToUnixTimeSeconds();
        if (second == _lastSecond)
            return;
        _lastSecond = second;
        if (!isWatched)
            _calls.Forget();
        _untoldRefusals = _refusals.Step(out var refused, out var late) ?? _untoldRefusals;
        if (!isWatched && _tidings.PhonesChanged && second % PhoneSeconds == 0)
            _phoneCount = server.Registrations.Count;
        var passed = new Second(
            second, server.Calls.Count, isWatched ? _calls.Talking : null, _tidings.Begun, _tidings.Failed, _phoneCount,
            server.Rooms.Count, refused, late, isWatched ? _calls.Mos : null);
        _tidings.StepSecond();
        _history.Add(passed);
        _untold = passed;
    }

    /// <summary>Looks at the server: what changed since the last look.</summary>
    public byte[] Look(DateTimeOffset now, long sequence)
    {
        var frame = new LiveFrame
        {
            Sequence = sequence,
            Now = now.ToUnixTimeMilliseconds(),
            Calls = _calls.Look(now, out var pulse),
            Pulse = pulse.Count == 0 ? null : pulse,
            Rooms = LookAtRooms(),
            Phones = LookAtPhones(),
            Trunks = LookAtTrunks(),
            Ended = LookAtEnded(),
            Refusals = _untoldRefusals,
            Seconds = _untold is null ? null : [_untold],
            Happenings = _tidings.Happenings.TakeNews(),
        };
        (_untold, _untoldRefusals) = (null, null);
        return Write(frame);
    }

    /// <summary>All there is, as it was at the last look.</summary>
    public byte[] All(DateTimeOffset now, long sequence) => Write(new LiveFrame
    {
        Sequence = sequence,
        Full = true,
        Now = now.ToUnixTimeMilliseconds(),
        Calls = _calls.All,
        Pulse = _calls.Pulse,
        Rooms = _rooms.All,
        Phones = _phones.All,
        Trunks = _trunks.All,
        Ended = _ended.All,
        Refusals = _refusals.All,
        Seconds = _history.All,
        Happenings = _tidings.Happenings.All,
    });

    public void Dispose() => _refusals.Dispose();

    private static byte[] Write(LiveFrame frame) => JsonSerializer.SerializeToUtf8Bytes(frame, DashboardJson.Default.LiveFrame);

    private Rows<RoomRow>? LookAtRooms()
    {
        var rooms = server.Rooms;
        var ofCalls = _calls.IsPartial ? null : _calls.Participants;
        return _rooms.Update(rooms.Take(options.MaxRows).Select(room => Directory.RowOf(room, ofCalls)), rooms.Count);
    }

    private Rows<PhoneRow>? LookAtPhones()
    {
        if (!_tidings.PhonesChanged && ++_looks % PhonesEvery != 0)
            return null;
        _tidings.PhonesChanged = false;
        var phones = server.Registrations;
        _phoneCount = phones.Count;
        return _phones.Update(phones.Take(options.MaxRows).Select(Directory.RowOf), phones.Count);
    }

    private Rows<EndedRow>? LookAtEnded()
    {
        var isNews = _tidings.CallsEnded;
        _tidings.CallsEnded = false;
        return _ended.Look(isNews);
    }

    private Rows<TrunkRow>? LookAtTrunks()
    {
        if (!_tidings.TrunksChanged)
            return null;
        _tidings.TrunksChanged = false;
        var trunks = server.Trunks;
        return _trunks.Update(trunks.Take(options.MaxRows).Select(Directory.RowOf), trunks.Count);
    }
}

using Atm0s.Sip.Bots;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Streams;

namespace Atm0s.Sip.Calls.Booth;

/// <summary>The media streams of one call. On the call's shard.</summary>
internal sealed class CallStreams(Call call)
{
    private const int MaxAtOnce = 4;

    private readonly List<(StreamSession Session, MediaStreamOptions Options)> _open = [];
    private volatile IReadOnlyList<(StreamSession? Session, MediaStreamOptions Options)> _current = [];
    private bool _hasBegun;

    /// <summary>The streams that the host has decided on with the call; they begin when it is answered.</summary>
    public IReadOnlyList<MediaStreamOptions> Wanted
    {
        set => _current = [.. value.Select(static options => ((StreamSession?)null, options))];
    }

    /// <summary>The streams that are open, or before the answer those that are to begin. Any thread.</summary>
    public IReadOnlyList<MediaStreamOptions> Current =>
        [.. _current.Where(static one => one.Session is not { Ended.IsCompleted: true }).Select(static one => one.Options)];

    /// <summary>The call is answered.</summary>
    public void OnAnswered()
    {
        var wanted = _current;
        _hasBegun = true;
        Note();
        foreach (var (_, options) in wanted)
            Start(options);
    }

    /// <summary>Begins one; null when there is no audio yet, the phone is on hold, or too many go on.</summary>
    public MediaStream? Start(MediaStreamOptions options)
    {
        if (!call.Booth.IsPossible || _open.Count == MaxAtOnce)
            return null;
        var seat = call.Booth.Enter(options.TwoWay);
        var id = StreamDirectory.NewId();
        IReadOnlyList<StreamTrack> tracks;
        Action leave;
        try
        {
            (tracks, leave) = options.TwoWay ? Join(seat, options, id) : Listen(seat, options, id);
        }
        catch
        {
            call.Booth.Leave(options.TwoWay);
            throw;
        }

        var (stream, session) = call.Services.Streams.Open(id, call.Id, null, options, tracks);
        _open.Add((session, options));
        Note();
        session.Ended.ContinueWith(
            ended => call.Post(() =>
            {
                leave();
                OnEnded(session, ended.Result);
            }),
            TaskScheduler.Default);
        return stream;
    }

    /// <summary>The phone has pressed a key.</summary>
    public void OnKey(char key)
    {
        foreach (var (session, options) in _open)
        {
            if (options.TwoWay)
                session.OnKey(key);
        }
    }

    /// <summary>The call has ended.</summary>
    public void End()
    {
        foreach (var (session, _) in _open)
            session.Stop(MediaStreamEnd.Ended);
    }

    private void Note()
    {
        if (_hasBegun)
            _current = [.. _open.Select(static one => ((StreamSession?)one.Session, one.Options))];
    }

    private (IReadOnlyList<StreamTrack> Tracks, Action Leave) Join(BoothSeat seat, MediaStreamOptions options, string id)
    {
        var port = call.Services.Streams.NewPort(options, seat.SampleRate, id);
        seat.Add((IPcmEndpoint)port);
        return ([new StreamTrack("inbound", port)], () =>
        {
            seat.Remove((IPcmEndpoint)port);
            port.Work.End();
        });
    }

    private (IReadOnlyList<StreamTrack> Tracks, Action Leave) Listen(BoothSeat seat, MediaStreamOptions options, string id)
    {
        var said = options.Tracks == MediaStreamTracks.Outbound ? null : call.Services.Streams.NewPort(options, seat.SampleRate, id);
        var heard = options.Tracks == MediaStreamTracks.Inbound ? null : call.Services.Streams.NewPort(options, seat.SampleRate, id);
        var tap = new StreamTap(said, heard);
        seat.Add(tap);
        List<StreamTrack> tracks = [];
        if (said is not null)
            tracks.Add(new StreamTrack("inbound", said));
        if (heard is not null)
            tracks.Add(new StreamTrack("outbound", heard));
        return (tracks, () =>
        {
            seat.Remove(tap);
            said?.Work.End();
            heard?.Work.End();
        });
    }

    private void OnEnded(StreamSession session, MediaStreamEnd why)
    {
        var at = _open.FindIndex(one => one.Session == session);
        if (at < 0)
            return;
        var options = _open[at].Options;
        _open.RemoveAt(at);
        Note();
        if (why is MediaStreamEnd.ClosedByProgram or MediaStreamEnd.Failed && (options.HangUpAtEnd ?? options.TwoWay))
            call.End(new CallEnd(CallEndCause.LocalHangup, 0, "the program that spoke with it is gone"));
        else
            call.Booth.Leave(options.TwoWay);
    }
}

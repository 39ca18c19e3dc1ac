using Atm0s.Sip.Recordings;

namespace Atm0s.Sip.Calls.Booth;

/// <summary>The recordings of one call. On the call's shard.</summary>
internal sealed class CallRecorder(Call call)
{
    private const int MaxAtOnce = 4;

    private readonly List<RecordingWork> _works = [];

    /// <summary>Begins to record; null when there is no audio yet, the phone is on hold, or too many go on.</summary>
    public Recording? Start(FileStream file, RecordingOptions options)
    {
        if (!call.Booth.IsPossible || _works.Count == MaxAtOnce)
            return null;
        // At the rate of the booth: one that was open before keeps its own, whatever the phone speaks by now.
        var seat = call.Booth.Enter(closes: false);
        Recording recording;
        RecordingWork work;
        try
        {
            (recording, work) = call.Services.Recordings.Open(
                file, call.Id, null, seat.SampleRate, options.TwoChannels ? 2 : 1, mixes: !options.TwoChannels, options);
        }
        catch
        {
            call.Booth.Leave(closes: false);
            throw;
        }

        _works.Add(work);
        seat.Add((IBoothTap)work.Feed);
        work.Ended.ContinueWith(_ => call.Post(() => OnEnded(work, seat)), TaskScheduler.Default);
        return recording;
    }

    /// <summary>The call has ended.</summary>
    public void End()
    {
        foreach (var work in _works)
            work.Stop(RecordingEnd.Ended);
        _works.Clear();
    }

    private void OnEnded(RecordingWork work, BoothSeat seat)
    {
        if (!_works.Remove(work))
            return;
        seat.Remove((IBoothTap)work.Feed);
        call.Booth.Leave(closes: false);
    }
}

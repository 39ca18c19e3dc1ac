using Atm0s.Sip.Streams;

namespace Atm0s.Sip;

/// <summary>A call or a room that a program hears over a WebSocket. All members may be used from any thread.</summary>
public sealed class MediaStream
{
    private readonly StreamSession _session;

    internal MediaStream(StreamSession session) => _session = session;

    /// <summary>Its id, <c>streamSid</c> in its messages.</summary>
    public string Id => _session.Id;

    /// <summary>The call that is streamed; null for a room.</summary>
    public string? CallId => _session.CallId;

    /// <summary>The room that is streamed; null for a call.</summary>
    public string? RoomId => _session.RoomId;

    /// <summary>How it stands.</summary>
    public MediaStreamState State => _session.State;

    /// <summary>Audio that the program did not get because it read too slowly.</summary>
    public TimeSpan Missed => _session.Missed;

    /// <summary>Completes when it is over; never fails.</summary>
    public Task<MediaStreamEnd> Ended => _session.Ended;

    /// <summary>Ends it; the program is told. Safe to repeat.</summary>
    public Task<MediaStreamEnd> StopAsync()
    {
        _session.Stop(MediaStreamEnd.Stopped);
        return Ended;
    }

    /// <summary>What it is like now.</summary>
    public MediaStreamInfo GetInfo() => _session.GetInfo();
}

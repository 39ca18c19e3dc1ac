using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>What a host does to calls, from any thread.</summary>
public interface ISipServer
{
    /// <summary>The calls that exist now.</summary>
    IReadOnlyCollection<ISipCall> Calls { get; }

    /// <summary>The phones that are registered now.</summary>
    IReadOnlyList<RegistrationInfo> Registrations { get; }

    /// <summary>The rooms that have members now.</summary>
    IReadOnlyList<RoomInfo> Rooms { get; }

    /// <summary>The programs that are in rooms now (<see cref="AddParticipantAsync"/>).</summary>
    IReadOnlyList<RoomBot> Bots => [];

    /// <summary>The trunks there are now, by name.</summary>
    IReadOnlyList<TrunkInfo> Trunks { get; }

    /// <summary>Whether it runs: it was started, and has not stopped. What it can't do else throws <see cref="InvalidOperationException"/>.
    /// </summary>
    bool IsRunning => true;

    /// <summary>Whether no new calls are taken: it drains, or stops.</summary>
    bool IsDraining { get; }

    /// <summary>Finds a call by its id.</summary>
    /// <param name="callId">Our id of the call.</param>
    /// <param name="call">The call.</param>
    /// <returns>False when it never existed or has ended.</returns>
    bool TryGetCall(string callId, [NotNullWhen(true)] out ISipCall? call);

    /// <summary>What is known of a call that exists, or that has ended and is kept (<see cref="CallOptions.Records"/>).</summary>
    /// <param name="callId">Our id of the call.</param>
    /// <param name="report">What is known.</param>
    /// <returns>False when it never existed, or is not kept any more.</returns>
    bool TryGetReport(string callId, [NotNullWhen(true)] out CallReport? report);

    /// <summary>Calls that have ended and are kept, those included that were refused before they became a call; the last first.</summary>
    /// <param name="filter">Which; null for the last 100.</param>
    /// <exception cref="ArgumentException">A limit out of range, or an <see cref="EndedCallFilter.After"/> that is of no page.</exception>
    EndedCallPage FindEndedCalls(EndedCallFilter? filter = null);

    /// <summary>
    /// The calls that belong to one: who was rung for it, or for whom it was made, whether they exist or are kept. By
    /// <see cref="OutgoingCallOptions.ForCallId"/>, else those that were made into its room while it waited there.
    /// </summary>
    /// <param name="callId">Our id of the call.</param>
    /// <returns>The call itself first, at most 16; empty when it is not known any more.</returns>
    IReadOnlyList<CallReport> FindRelatedCalls(string callId);

    /// <summary>The registrations of one user, newest first; empty when there is none.</summary>
    /// <param name="username">Authenticated user name.</param>
    IReadOnlyList<RegistrationInfo> FindRegistrations(string username);

    /// <summary>Rings a registered phone and puts it into a room, where it is a connecting member until it answers.</summary>
    /// <param name="roomId">Room to join, made when it does not exist; 1 to 256 characters.</param>
    /// <param name="sessionId">Id of the registration, from <see cref="RegistrationInfo.SessionId"/>.</param>
    /// <param name="fromNumber">Number shown to the phone; no control characters.</param>
    /// <param name="options">More settings, or null.</param>
    /// <param name="cancellationToken">Cancels the start of the call, not the call.</param>
    /// <returns>The call, as soon as the INVITE is on its way. <see cref="ISipCall.Answered"/> tells what becomes of it;
    /// for a session that is not registered that is <see cref="CallEndCause.Gone"/> at once.</returns>
    /// <exception cref="ArgumentException">A name or number that can't be used.</exception>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    ValueTask<ISipCall> CallClientAsync(
        string roomId, string sessionId, string fromNumber, OutgoingCallOptions? options = null,
            CancellationToken cancellationToken = default);

    /// <summary>
    /// Rings the phones of a user, all at once or by their priority (<see cref="OutgoingCallOptions.RingOrder"/>), as one call: the first
    /// that answers has it, and the others stop ringing. One that is busy does not stop the others; one that declines for the user (6xx)
    /// does. When nobody takes it, the outcome is that which tells most (RFC 3261 §16.7), that somebody is busy before that nobody
    /// answered.
    /// </summary>
    /// <param name="roomId">Room to join, made when it does not exist; 1 to 256 characters.</param>
    /// <param name="username">The user (<see cref="RegistrationInfo.Username"/>). His 10 latest registrations of this moment are rung,
    /// one phone once; a phone that registers while the others ring is not.</param>
    /// <param name="fromNumber">Number shown to the phones; no control characters.</param>
    /// <param name="options">More settings, or null.</param>
    /// <param name="cancellationToken">Cancels the start of the call, not the call.</param>
    /// <returns>The call, as soon as the INVITEs are on their way. <see cref="ISipCall.Answered"/> tells what becomes of it; for a user
    /// who is not registered that is <see cref="CallEndCause.Gone"/> with 480 at once.</returns>
    /// <exception cref="ArgumentException">A name or number that can't be used.</exception>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    ValueTask<ISipCall> CallUserAsync(
        string roomId, string username, string fromNumber, OutgoingCallOptions? options = null,
            CancellationToken cancellationToken = default);

    /// <summary>
    /// Rings the phones of several users as one call, a ring group: all at once, or with <see cref="RingOrder.ByPriority"/> user after user
    /// in the order given, and of one user by the priority of his phones. The first that answers has it. Who declines, declines for
    /// himself.
    /// </summary>
    /// <param name="roomId">Room to join, made when it does not exist; 1 to 256 characters.</param>
    /// <param name="usernames">1 to 10 users; those who are not registered are passed over.</param>
    /// <param name="fromNumber">Number shown to the phones; no control characters.</param>
    /// <param name="options">More settings, or null.</param>
    /// <param name="cancellationToken">Cancels the start of the call, not the call.</param>
    /// <returns>The call; when nobody of them is registered that is <see cref="CallEndCause.Gone"/> with 480 at once.</returns>
    /// <exception cref="ArgumentException">A name or number that can't be used.</exception>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    ValueTask<ISipCall> CallGroupAsync(
        string roomId, IReadOnlyList<string> usernames, string fromNumber, OutgoingCallOptions? options = null,
            CancellationToken cancellationToken = default);

    /// <summary>Calls a SIP server, PBX or phone by its address and puts it into a room.</summary>
    /// <param name="roomId">Room to join, made when it does not exist; 1 to 256 characters.</param>
    /// <param name="target">Whom to call, for example <c>sip:1001@192.0.2.7:5060;transport=tcp</c>.</param>
    /// <param name="fromNumber">Number shown to the called side; no control characters.</param>
    /// <param name="options">More settings, among them the credentials for a challenge; or null.</param>
    /// <param name="cancellationToken">Cancels the start of the call (the name look-up), not the call.</param>
    /// <returns>The call, as soon as the INVITE is on its way.</returns>
    /// <exception cref="ArgumentException">A URI, name or number that can't be used.</exception>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    ValueTask<ISipCall> CallServerAsync(
        string roomId, string target, string fromNumber, OutgoingCallOptions? options = null,
            CancellationToken cancellationToken = default);

    /// <summary>Calls a number over a trunk and puts it into a room.</summary>
    /// <param name="roomId">Room to join, made when it does not exist; 1 to 256 characters.</param>
    /// <param name="trunk">Name of the trunk; without one of that name the call ends at once (<see cref="CallEndCause.Gone"/>).</param>
    /// <param name="number">Number to call.</param>
    /// <param name="fromNumber">Number shown to the called side, as the trunk wants it; no control characters.</param>
    /// <param name="options">More settings; its credentials, when given, replace the trunk's.</param>
    /// <param name="cancellationToken">Cancels the start of the call (the name look-up), not the call.</param>
    /// <returns>The call, as soon as the INVITE is on its way.</returns>
    /// <exception cref="ArgumentException">A name or number that can't be used.</exception>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    ValueTask<ISipCall> CallTrunkAsync(
        string roomId, string trunk, string number, string fromNumber, OutgoingCallOptions? options = null,
            CancellationToken cancellationToken = default);

    /// <summary>
    /// Brings a program into a room: a bot, a note taker, whatever speaks and listens. It is a member like a phone: a call that waits for
    /// others is answered, one that ends with the others ends when it was the last.
    /// </summary>
    /// <param name="roomId">Room to join, made when it does not exist; 1 to 256 characters.</param>
    /// <param name="options">Its name, rate, callbacks; or null.</param>
    /// <param name="cancellationToken">Cancels before it has joined.</param>
    /// <returns>The program's ears and mouth, which are in the room by now.</returns>
    /// <exception cref="ArgumentException">A name that can't be used.</exception>
    /// <exception cref="InvalidOperationException">
    /// The server is not running, or its rooms are those of an <see cref="IRoomProvider"/>.
    /// </exception>
    ValueTask<RoomBot> AddParticipantAsync(
        string roomId, RoomBotOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("This server has no rooms of its own.");

    /// <summary>Says how many are heard at a time in one room, the loudest, in place of <see cref="MediaOptions.MaxSpeakers"/>.</summary>
    /// <param name="roomId">The room. Another one of that name, when this one has closed, begins anew.</param>
    /// <param name="count">1 to 16; 0 for all.</param>
    /// <returns>False when there is no such room.</returns>
    /// <exception cref="ArgumentOutOfRangeException">None of those.</exception>
    bool SetMaxSpeakers(string roomId, int count) => false;

    /// <summary>Plays a clip to all of a room. Up to 32 clips and recordings may be in a room at once.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="clip">What.</param>
    /// <param name="options">How; or null.</param>
    /// <param name="cancellationToken">Stops it within a frame.</param>
    /// <returns>Completes when it is over; <see cref="PlayEnd.NotPossible"/> when there is no such room.</returns>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    Task<PlayResult> PlayAsync(
        string roomId, AudioClip clip, PlayOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("This server has no rooms of its own.");

    /// <summary>The media streams that go on now.</summary>
    IReadOnlyList<MediaStream> Streams => [];

    /// <summary>
    /// Lets a program hear a room over a WebSocket that we open to it and, with <see cref="MediaStreamOptions.TwoWay"/>, be a member of it.
    /// </summary>
    /// <param name="roomId">The room; made when it does not exist and the program is to speak.</param>
    /// <param name="options">Where the program listens, and how.</param>
    /// <returns>The stream, which is being connected; null when there is no such room.</returns>
    /// <exception cref="ArgumentException">Unencrypted to another machine, or a track that is only of calls.</exception>
    /// <exception cref="InvalidOperationException">The server is not running, or its rooms are the host's.</exception>
    Task<MediaStream?> StartStreamAsync(string roomId, MediaStreamOptions options) =>
        throw new NotSupportedException("This server has no rooms of its own.");

    /// <summary>The recordings that go on now.</summary>
    IReadOnlyList<Recording> Recordings => [];

    /// <summary>Records a room into a file, one channel, until the room or the recording ends.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="options">Format and rate; or null.</param>
    /// <returns>The recording; null when there is no such room.</returns>
    /// <exception cref="IOException">The file can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be made.</exception>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    Task<Recording?> StartRecordingAsync(string roomId, string path, RecordingOptions? options = null) =>
        throw new NotSupportedException("This server has no rooms of its own.");

    /// <summary>
    /// Sends a text message outside of a call (MESSAGE, RFC 3428).
    /// </summary>
    /// <param name="target">User name of a registered user, who gets it on every phone of his, or an address, for example
    /// <c>sip:1001@192.0.2.7:5060;transport=tcp</c>.</param>
    /// <param name="fromNumber">Number shown as that of the sender; 1 to 256 characters, no control characters.</param>
    /// <param name="text">The text; at most 64,000 bytes as UTF-8. Over UDP the whole message has 1,300 bytes at most (RFC 3428
    /// §8).</param>
    /// <param name="options">More settings, or null.</param>
    /// <param name="cancellationToken">Cancels the name look-up, not the message.</param>
    /// <returns>What became of it, after 32 s at the latest; of several phones the best.</returns>
    /// <exception cref="ArgumentException">An address, number or text that can't be used.</exception>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    Task<MessageResult> SendMessageAsync(
        string target, string fromNumber, string text, SendMessageOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Adds a trunk: registers with another server when its options say so, and keeps trying until it is removed.</summary>
    /// <param name="trunk">The trunk.</param>
    /// <returns>Completes with the outcome of the first REGISTER (<see cref="TrunkInfo.State"/> and <see cref="TrunkInfo.StatusCode"/>), at
    /// once when there is none to be sent.</returns>
    /// <exception cref="ArgumentException">A setting that can't work, or a name that is taken; says what to write instead.</exception>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    Task<TrunkInfo> AddTrunkAsync(TrunkOptions trunk);

    /// <summary>Takes a trunk out and its registration back. Its calls go on. Safe to repeat.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>False when there is none of that name; completes when its server has answered.</returns>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    Task<bool> RemoveTrunkAsync(string name);

    /// <summary>Events of calls, registrations, trunks and rooms from now on, until cancelled or the server stops. Any number may watch;
    /// one that does not keep up (1,024 events
    /// wait) loses the oldest and is told how many (<see cref="SipServerEvent.Missed"/>).</summary>
    /// <param name="cancellationToken">Ends the watching.</param>
    /// <returns>Enumerate it once; watching has begun when this returns.</returns>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    IAsyncEnumerable<SipServerEvent> WatchAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes no new calls, waits until those that are up have ended, and leaves everything else as it is: <see cref="SipServer.StopAsync"/>
    /// follows. A new INVITE is answered 503 with Retry-After, and so is OPTIONS, by which proxies ask where calls may go; calls that the
    /// host makes into a room without a call are refused with <see cref="Hooks.CallEndCause.Shutdown"/>. Registrations go on, and so does
    /// everything inside a call: hold, transfer, an INVITE that takes the place of another (RFC 3891), calls into its room. The health
    /// check <c>sip.accepting</c> fails from now on. There is no way back.
    /// </summary>
    /// <param name="limit">Longest time to wait, at least zero; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="cancellationToken">Ends the waiting; nothing is thrown.</param>
    /// <returns>How many calls are still up; at once 0 when the server is not running.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is negative.</exception>
    Task<int> DrainAsync(TimeSpan limit, CancellationToken cancellationToken = default);
}

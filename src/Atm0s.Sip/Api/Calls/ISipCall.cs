using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip;

/// <summary>
/// One call, from any thread. Every command may be repeated, and may race with others and with the end of the call: its result says what
/// became of it.
/// </summary>
public interface ISipCall
{
    /// <summary>Our id of the call; the same in every event.</summary>
    string Id { get; }

    /// <summary>Who, whom, where.</summary>
    CallInfo Info { get; }

    /// <summary>How far it has come.</summary>
    CallState State { get; }

    /// <summary>
    /// Whether it was begun at all. False for an outgoing call that has ended before anything was sent, since its phone is not registered,
    /// nothing leads there, or the server takes no more calls; true for every other, however soon the other side refused it.
    /// </summary>
    bool IsBegun => true;

    /// <summary>Completes when the call is answered, or has ended without; never fails.</summary>
    Task<CallOutcome> Answered { get; }

    /// <summary>Completes when the call has ended; never fails.</summary>
    Task<CallEvent.Ended> Ended { get; }

    /// <summary>Whether the room does not hear the phone.</summary>
    bool IsMuted { get; }

    /// <summary>Whether the host holds the phone (<see cref="HoldAsync"/>).</summary>
    bool IsOnHold { get; }

    /// <summary>How much louder the room hears the phone, in dB.</summary>
    double Gain { get; }

    /// <summary>
    /// Header fields that the other side sent: of its INVITE, or of its final response to ours, of several the one that counted (empty
    /// until then). Without credentials.
    /// </summary>
    IReadOnlyList<KeyValuePair<string, string>> RemoteHeaders { get; }

    /// <summary>Answers an incoming call that waits for others, at once.</summary>
    /// <returns><see cref="CallCommandResult.AlreadyDone"/> when it is answered; <see cref="CallCommandResult.NotPossible"/> for an
    /// outgoing call, and while
    /// the host's handler still decides.</returns>
    Task<CallCommandResult> AnswerAsync();

    /// <summary>
    /// Refuses an incoming call that is not answered.
    /// </summary>
    /// <param name="statusCode"> A final failure code, 400 to 699 (RFC 3261 §21). Those that mean nothing without a field of their own
    /// (401, 407, 420 to 423, 494) are sent as 480.
    /// </param>
    /// <param name="reasonPhrase">Text beside the code, at most 256 characters and no control characters; null takes the standard one.</param>
    /// <returns><see cref="CallCommandResult.NotPossible"/> when it is answered, or an outgoing call.</returns>
    /// <exception cref="ArgumentException">A code or phrase that can't be sent.</exception>
    Task<CallCommandResult> RejectAsync(int statusCode = 486, string? reasonPhrase = null);

    /// <summary>Ends the call: BYE when it is up, CANCEL while it rings out there, a refusal while it rings here.</summary>
    /// <param name="statusCode">
    /// Code of the refusal for an incoming call that is not answered yet, 400 to 699, as <see cref="RejectAsync"/> sends it; default 480.
    /// </param>
    /// <returns>Completes when the call has ended: <see cref="CallCommandResult.Done"/> when this command ended it, else
    /// <see cref="CallCommandResult.AlreadyDone"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A code that can't be sent.</exception>
    Task<CallCommandResult> HangUpAsync(int statusCode = 480);

    /// <summary>Lets the room hear the phone no more, or again. The phone hears the room all the while.</summary>
    /// <param name="muted">True to mute.</param>
    Task<CallCommandResult> MuteAsync(bool muted = true);

    /// <summary>Lets the room hear the phone louder or softer.</summary>
    /// <param name="decibels">-40 to +20 dB; 0 is as it comes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    Task<CallCommandResult> SetGainAsync(double decibels);

    /// <summary>Whether the gain follows the voice, on top of <see cref="Gain"/>. At first as <see cref="MediaOptions.AutomaticGain"/>.</summary>
    bool HasAutomaticGain => false;

    /// <summary>Lets the room hear the voice about as loud as others (-20 dBov), however loud it comes; or as it comes.</summary>
    /// <param name="on">True to let the gain follow the voice, from -9 to +15 dB.</param>
    /// <returns><see cref="CallCommandResult.AlreadyDone"/> when that is so already.</returns>
    Task<CallCommandResult> SetAutomaticGainAsync(bool on = true) => Task.FromResult(CallCommandResult.NotPossible);

    /// <summary>Whom the phone hears in its room, and who hears it there, as <see cref="SetRuleAsync"/> has set it.</summary>
    MemberRule Rule => MemberRule.Default;

    /// <summary>Whether the phone talks now; <see cref="SipServerEvent.Talking"/> tells when that changes.</summary>
    bool IsTalking => GetStatistics()?.IsTalking ?? false;

    /// <summary>
    /// Lets the phone hear others than all in its room, be heard by others than all (to whisper, to coach), or be heard whoever else talks.
    /// </summary>
    /// <param name="rule">
    /// The rule, with members as <see cref="ISipCall"/>, <see cref="RoomBot"/> or <see cref="IPcmEndpoint"/>; <see cref="MemberRule.Default"/> ends it. It
    /// is one of the room that the call is in now: when it moves, it does not hold there, and holds again when it comes back while that room is
    /// there. A call that takes the place of another (RFC 3891) has its rule, and stands for it in the rules of others.
    /// </param>
    /// <returns><see cref="CallCommandResult.NotPossible"/> while there is no audio.</returns>
    /// <exception cref="ArgumentException">What is neither a call of the same server nor a program or endpoint is among the members.</exception>
    Task<CallCommandResult> SetRuleAsync(MemberRule rule) => Task.FromResult(CallCommandResult.NotPossible);

    /// <summary>
    /// Sends digits to the phone, after those that still wait: as telephone events (RFC 4733) where offer and answer agreed on them, else
    /// by SIP INFO (RFC 2976, <c>application/dtmf-relay</c>) unless its Allow leaves INFO out.
    /// </summary>
    /// <param name="digits">1 to 64 of <c>0123456789*#ABCD</c>.</param>
    /// <param name="duration">Length of each; 40 ms to 2 s, null takes 100 ms.</param>
    /// <param name="gap">Pause after each; 40 ms to 2 s, null takes 60 ms.</param>
    /// <returns>
    /// <see cref="CallCommandResult.Done"/> as soon as telephone events or tones are queued, or when the phone has taken the last INFO;
    /// <see cref="CallCommandResult.NotPossible"/> when the call is not answered, the phone is on hold (telephone events, tones), takes
    /// none of them,
    /// has refused an INFO (then no other is sent in this call) or did not answer one (then the rest of these digits is dropped), or more
    /// than 64 digits would wait;
    /// <see cref="CallCommandResult.Ended"/> when the call ends before.
    /// </returns>
    /// <exception cref="ArgumentException">Digits or times out of range.</exception>
    Task<CallCommandResult> SendDtmfAsync(string digits, TimeSpan? duration = null, TimeSpan? gap = null);

    /// <summary>
    /// Holds the phone (re-INVITE, RFC 3264 §8.4): it and its room do not hear each other until <see cref="ResumeAsync"/>; it stays a
    /// member of its room.
    /// </summary>
    /// <param name="music">What the phone hears meanwhile; null, the default, for nothing. It may be shared by many calls if it can be read
    /// by several threads at once.</param>
    /// <returns><see cref="CallCommandResult.Done"/> when the phone has agreed; <see cref="CallCommandResult.NotPossible"/> when it
    /// refuses, which changes nothing, or the call is not answered.</returns>
    /// <exception cref="ArgumentException">The music is not at 8000, 16000 or 48000 Hz.</exception>
    Task<CallCommandResult> HoldAsync(IPcmEndpoint? music = null);

    /// <summary>
    /// Lets a phone that the host holds go on in its room.
    /// </summary>
    /// <returns><see cref="CallCommandResult.AlreadyDone"/> when it is not held; <see cref="CallCommandResult.NotPossible"/> when the phone
    /// refuses, or the call is not answered.</returns>
    Task<CallCommandResult> ResumeAsync();

    /// <summary>
    /// Plays a clip to this phone alone. Up to eight may play at once. The phone goes over a small room of its own meanwhile, which delays
    /// what it says and hears by up to 20 ms each.
    /// </summary>
    /// <param name="clip">What.</param>
    /// <param name="options">How, and which keys end it; or null.</param>
    /// <param name="cancellationToken">Stops it within a frame.</param>
    /// <returns>Completes when it is over; never fails.</returns>
    Task<PlayResult> PlayAsync(AudioClip clip, PlayOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new PlayResult(PlayEnd.NotPossible, TimeSpan.Zero));

    /// <summary>
    /// Asks the phone for digits: plays a prompt, which the first digit ends, and takes what is typed until there are enough, the
    /// terminator, or a pause. Digits that are asked for are told in events, and do not go on to the room; those of the last
    /// five seconds before count too (<see cref="GatherOptions.TakesEarlierDigits"/>), unless they have ended something that was played.
    /// </summary>
    /// <param name="options">Prompts, times, how many; or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when it is over; never fails.</returns>
    /// <exception cref="ArgumentException">More digits at least than at most.</exception>
    Task<GatherResult> GatherDigitsAsync(GatherOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GatherResult(GatherEnd.NotPossible, ""));

    /// <summary>
    /// Records the call into a file, until it ends or the recording is stopped. The phone goes over a small room of its own meanwhile, as
    /// with <see cref="PlayAsync"/>. Up to four at once.
    /// </summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="options">Format, rate, channels; or null.</param>
    /// <returns>The recording; null when there is no audio yet, the phone is on hold, or too many go on.</returns>
    /// <exception cref="IOException">The file can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be made.</exception>
    Task<Recording?> StartRecordingAsync(string path, RecordingOptions? options = null) => Task.FromResult<Recording?>(null);

    /// <summary>
    /// Lets a program hear the call over a WebSocket that we open to it and, with <see cref="MediaStreamOptions.TwoWay"/>, speak with the
    /// phone in place of its room. Up to four at once.
    /// </summary>
    /// <param name="options">Where the program listens, and how.</param>
    /// <returns>The stream, which is being connected; null when there is no audio yet, the phone is on hold, or too many go on.</returns>
    /// <exception cref="ArgumentException">Unencrypted to another machine.</exception>
    Task<MediaStream?> StartStreamAsync(MediaStreamOptions options) => Task.FromResult<MediaStream?>(null);

    /// <summary>
    /// Brings a program into the room that the call is in, as <see cref="ISipServer.AddParticipantAsync"/> does, but never into a room that
    /// is made for it: a bot for a caller who has hung up meanwhile would be there alone, and nobody would come from whose leaving it could
    /// learn that it is to go.
    /// </summary>
    /// <param name="options">Its name, rate, callbacks; or null.</param>
    /// <returns>The program's ears and mouth; null when the call has ended, or is in no room yet.</returns>
    /// <exception cref="InvalidOperationException">The rooms are those of an <see cref="IRoomProvider"/>.</exception>
    Task<RoomBot?> AddParticipantAsync(RoomBotOptions? options = null) => Task.FromResult<RoomBot?>(null);

    /// <summary>Takes the call to another room, which is made when it does not exist; a waiting call waits there for others.</summary>
    /// <param name="roomId">Name of the room: 1 to 256 characters.</param>
    /// <returns><see cref="CallCommandResult.NotPossible"/> while the call has no room yet or another move is under way, and when the
    /// host's room gives no seat.</returns>
    /// <exception cref="ArgumentException">A name that can't be used.</exception>
    Task<CallCommandResult> MoveToRoomAsync(string roomId);

    /// <summary>
    /// Sends the phone elsewhere (REFER, RFC 3515) and waits for its report. When it got there this call ends
    /// (<see cref="CallEndCause.TransferredByUs"/>).
    /// </summary>
    /// <param name="target"> A SIP or tel URI without header fields, for example <c>sip:1001@192.0.2.7</c>, or a number of the domain by
    /// which the phone knows this server; at most 1,024 characters.
    /// </param>
    /// <param name="options">Settings, or null.</param>
    /// <returns>What became of it, at the latest after <see cref="TransferOptions.Timeout"/>; never fails.</returns>
    /// <exception cref="ArgumentException">Neither a URI nor a number.</exception>
    Task<TransferResult> TransferAsync(string target, TransferOptions? options = null);

    /// <summary>
    /// Connects the phones of two answered calls with each other, without this server (attended transfer: REFER with Replaces, RFC 5589
    /// §7). This one's phone calls the other's. When that worked both calls end (<see cref="CallEndCause.TransferredByUs"/>).
    /// </summary>
    /// <param name="other">Another call of the same server.</param>
    /// <param name="options">Settings, or null.</param>
    /// <returns>As of the other overload; <see cref="TransferStatus.NotPossible"/> also when the other call is not answered.</returns>
    /// <exception cref="ArgumentException">The same call, or one of another server.</exception>
    Task<TransferResult> TransferAsync(ISipCall other, TransferOptions? options = null);

    /// <summary>Sends the phone a text message inside the call (MESSAGE, RFC 3428).</summary>
    /// <param name="text">The text; at most 64,000 bytes as UTF-8.</param>
    /// <param name="contentType">Its type, at most 256 characters.</param>
    /// <returns>What became of it; never fails.</returns>
    /// <exception cref="ArgumentException">Too long, or a type that can't be sent.</exception>
    Task<MessageResult> SendMessageAsync(string text, string contentType = "text/plain;charset=UTF-8");

    /// <summary>What the audio is like, or null before there is any.</summary>
    CallStatistics? GetStatistics();

    /// <summary>
    /// What was decided about the call so far, and why: who the caller is, what the host said, which codec and address, when it ends. At
    /// most the first and the last 64 notes; also after its end.
    /// </summary>
    IReadOnlyList<CallNote> Explain();

    /// <summary>
    /// The messages of the call, secrets masked: how it began and how it ended, as far as there is room for them
    /// (<see cref="CallRecordOptions.MaxMessageBytes"/>); after its end for as long as the call is kept. With
    /// <see cref="CallOptions.WireTrace"/>, or from <see cref="TraceWireAsync"/> on, the first and the last 64 KiB, also after its end.
    /// </summary>
    IReadOnlyList<WireTraceEntry> WireTrace { get; }

    /// <summary>Gives the SIP messages of the call more room from now on: the first and the last 64 KiB.</summary>
    Task<CallCommandResult> TraceWireAsync();

    /// <summary>What is known of the call so far.</summary>
    CallReport GetReport();
}

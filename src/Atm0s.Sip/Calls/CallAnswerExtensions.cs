using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Calls;

/// <summary>Takes answers to offers of ours (RFC 3264 §7). On the call's shard.</summary>
internal static class CallAnswerExtensions
{
    /// <summary>
    /// The ACK of our 200 to an INVITE without offer: the answer to ours is in it (RFC 3261 §13.2.2.4), else there will be no audio, and no
    /// call.
    /// </summary>
    public static void OnDelayedAnswer(this Call call, SipMessage ack)
    {
        var why = SdpBody.TryFind(ack, out var answer) == SdpBodyResult.Found ? call.TryAcceptAnswer(answer) : CallRefusal.NoAnswer;
        if (why is not null)
            call.End(new CallEnd(why.Cause, 0, $"the answer in the ACK can't be used: {why.Reason}"));
    }

    /// <summary>Takes the answer to our offer; a host that it names is looked up meanwhile.</summary>
    public static CallRefusal? TryAcceptAnswer(this Call call, ReadOnlySpan<byte> body)
    {
        var refusal = call.Audio!.TryAcceptAnswer(body);
        // Who answers with a name can't be refused any more. Until the host is found nothing is sent, unless the phone's own audio shows
        // the way.
        if (refusal is null && call.Audio.RemoteName is { } name)
        {
            call.Services.Hosts.Find(call.Shard, name, address => call.Guard(() =>
            {
                if (address is not null && !call.HasEnded)
                    call.Audio.Locate(name, address);
            }));
        }

        return refusal;
    }
}

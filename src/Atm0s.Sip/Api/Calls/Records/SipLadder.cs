using Atm0s.Sip.Calls.Records.Ladder;

namespace Atm0s.Sip;

/// <summary>Draws what was said in a call, and in those that belong to it, as a ladder of text: one column for each side.</summary>
public static class SipLadder
{
    private const int MaxCalls = 16;

    /// <summary>Draws one call.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="call">The call.</param>
    public static void Write(TextWriter writer, CallReport call) => Write(writer, [call]);

    /// <summary>
    /// Draws several calls side by side, with ourselves in the middle: who calls to our left, who is called to our right. In it nothing
    /// moves the cursor, breaks a line or turns the direction of writing, whatever the messages hold.
    /// </summary>
    /// <param name="writer">Where to. Lines end with a line feed.</param>
    /// <param name="calls">The calls, 1 to 16; see <see cref="ISipServer.FindRelatedCalls"/>.</param>
    /// <exception cref="ArgumentException">No call, or more than 16.</exception>
    public static void Write(TextWriter writer, IReadOnlyList<CallReport> calls)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(calls);
        if (calls.Count is 0 or > MaxCalls)
            throw new ArgumentException($"A ladder is of 1 to {MaxCalls} calls.", nameof(calls));
        new LadderDrawing(calls).Write(writer);
    }
}

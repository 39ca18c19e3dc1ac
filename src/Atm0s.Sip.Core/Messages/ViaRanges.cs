namespace Atm0s.Sip.Core.Messages;

/// <summary>Where the parts of a Via value are that was read: it is asked for several times in the life of a message.</summary>
/// <param name="Transport">Transport token.</param>
/// <param name="Host">Host of sent-by.</param>
/// <param name="SentBy">From the host to the end of sent-by.</param>
/// <param name="Parameters">From the first semicolon to the end.</param>
/// <param name="Port">Port of sent-by, or 0.</param>
internal readonly record struct ViaRanges(ByteRange Transport, ByteRange Host, ByteRange SentBy, ByteRange Parameters, int Port)
{
    /// <summary>Whether there was one that could be read.</summary>
    public bool IsRead => Transport.Length > 0;
}

namespace Atm0s.Sip.Core.Messages;

/// <summary>A part of a message's bytes.</summary>
internal readonly record struct ByteRange(int Start, int Length)
{
    public int End => Start + Length;
}

namespace Atm0s.Sip.Calls.Booth;

/// <summary>Gets both directions of a call, frame by frame: what its phone says and what it hears. Media thread: must only copy.</summary>
internal interface IBoothTap
{
    /// <summary>20 ms.</summary>
    /// <param name="said">What the phone said.</param>
    /// <param name="heard">What it heard in the same 20 ms; silence while the host holds it.</param>
    void OnFrame(ReadOnlySpan<short> said, ReadOnlySpan<short> heard);
}

using System.Buffers.Text;

namespace Atm0s.Sip.LoadGenerator.Wire;

/// <summary>What a branch of ours says: which request of which exchange a response belongs to.</summary>
/// <param name="Run">Of this run of the generator: servers remember others.</param>
/// <param name="Slot">The exchange.</param>
/// <param name="Generation">How often that was used before.</param>
/// <param name="Sequence">The CSeq.</param>
internal readonly record struct BranchId(uint Run, uint Slot, uint Generation, uint Sequence)
{
    private static ReadOnlySpan<byte> Start => "z9hG4bKlg"u8;

    public void Write(SipWriter writer) => writer.Text(Start).Hex(Run).Hex(Slot).Hex(Generation).Hex(Sequence);

    /// <summary>Finds the branch of a response.</summary>
    public static bool TryFind(ReadOnlySpan<byte> message, out BranchId branch)
    {
        branch = default;
        var at = message.IndexOf(Start);
        if (at < 0 || message.Length < at + Start.Length + 32)
            return false;
        var digits = message.Slice(at + Start.Length, 32);
        if (!Hex(digits, 0, out var run) || !Hex(digits, 8, out var slot)
            || !Hex(digits, 16, out var generation) || !Hex(digits, 24, out var sequence))
            return false;
        branch = new BranchId(run, slot, generation, sequence);
        return true;
    }

    /// <summary>Finds the exchange of a request that the server sends in a call of ours, by its Call-ID.</summary>
    public static bool TryFindCall(ReadOnlySpan<byte> message, out BranchId branch)
    {
        branch = default;
        var callId = SipReader.Header(message, "Call-ID"u8, "i"u8);
        if (!callId.StartsWith("lg"u8) || callId.Length < 26
            || !Hex(callId, 2, out var run) || !Hex(callId, 10, out var slot) || !Hex(callId, 18, out var generation))
            return false;
        branch = new BranchId(run, slot, generation, 0);
        return true;
    }

    private static bool Hex(ReadOnlySpan<byte> text, int at, out uint value) =>
        Utf8Parser.TryParse(text.Slice(at, 8), out value, out var used, 'x') && used == 8;
}

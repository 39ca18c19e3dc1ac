namespace Atm0s.Sip.MediaQuality.Lines;

/// <summary>The fate of a packet.</summary>
/// <param name="Index">Which one.</param>
/// <param name="Sent">When the phone sends it.</param>
/// <param name="At">When it arrives; null when it does not.</param>
internal sealed record Arrival(int Index, TimeSpan Sent, TimeSpan? At);

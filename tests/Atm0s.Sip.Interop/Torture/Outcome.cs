namespace Atm0s.Sip.Interop.Torture;

/// <summary>What a server said to a message.</summary>
/// <param name="Name">The message.</param>
/// <param name="Expected">Allowed status codes; "-" none at all; "!400" any but 400 and 5xx.</param>
/// <param name="Statuses">The final responses, without retransmissions.</param>
/// <param name="Requests">Requests in it.</param>
internal sealed record Outcome(string Name, string Expected, IReadOnlyCollection<int> Statuses, int Requests = 1)
{
    /// <summary>Whether it is one of those allowed.</summary>
    public bool IsRight => Expected == "-"
        ? Statuses.Count == 0
        : Statuses.Count == Requests && Statuses.All(status => Expected.Split(' ').Any(allowed => Allows(allowed, status)));

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {(Statuses.Count == 0 ? "no answer" : string.Join(' ', Statuses))}, expected {Expected}";

    private static bool Allows(string allowed, int status) =>
        allowed == "!400" ? status != 400 && status < 500 : allowed == $"{status}";
}

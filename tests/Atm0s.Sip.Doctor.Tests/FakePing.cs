using Atm0s.Sip.Doctor.Pings;

namespace Atm0s.Sip.Doctor.Tests;

/// <summary>Trunks of a test's choice.</summary>
internal sealed class FakePing : ITrunkPing
{
    public PingResult Answer { get; set; } = new(200, TimeSpan.FromMilliseconds(12), null);

    public List<PingTarget> Asked { get; } = [];

    public Task<PingResult> PingAsync(PingTarget target, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Asked.Add(target);
        return Task.FromResult(Answer);
    }
}

using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>A member inside this process.</summary>
internal sealed class PcmMember(IPcmEndpoint endpoint, string room, ILogger logger) : RoomMember
{
    private bool _failed; // logged once
    private MemberRule _rule = MemberRule.Default;

    public IPcmEndpoint Endpoint => endpoint;

    public override object Identity { get; } = endpoint.KnownAs;

    public override int InputRate { get; } = endpoint.SampleRate;

    public override int OutputRate => InputRate;

    protected override MemberRule WantedRule => _rule;

    /// <summary>Has another rule from the next tick on.</summary>
    public void SetRule(MemberRule rule) => _rule = rule;

    protected override bool Read(Span<short> frame, TimeSpan now)
    {
        try
        {
            var speaks = endpoint.Read(frame);
            Energy = speaks ? AudioLevel.SumOfSquares(frame) / (double)frame.Length : 0;
            return speaks;
        }
        catch (Exception e)
        {
            Log(e);
            return false;
        }
    }

    protected override void Write(ReadOnlySpan<short> frame, TimeSpan now)
    {
        try
        {
            endpoint.Write(frame);
        }
        catch (Exception e)
        {
            Log(e);
        }
    }

    private void Log(Exception e)
    {
        if (_failed)
            return;
        _failed = true;
        MediaLog.MemberFailed(logger, e, room);
    }
}

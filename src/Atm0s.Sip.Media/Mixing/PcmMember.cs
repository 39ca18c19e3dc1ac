using Atm0s.Sip.Media.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>A member inside this process.</summary>
internal sealed class PcmMember(IPcmEndpoint endpoint, string room, ILogger logger) : RoomMember
{
    private bool _failed; // logged once

    public IPcmEndpoint Endpoint => endpoint;

    public override int InputRate { get; } = endpoint.SampleRate;

    public override int OutputRate => InputRate;

    protected override bool Read(Span<short> frame, TimeSpan now)
    {
        try
        {
            return endpoint.Read(frame);
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

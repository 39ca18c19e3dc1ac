namespace Atm0s.Sip.Core.Sdp;

/// <summary>How much audio goes into one packet.</summary>
internal static class PacketTimes
{
    private const int Min = 10;
    private const int Max = 60;
    private const int Default = 20;

    /// <summary>
    /// What we send to a peer that asks for <paramref name="wanted"/> and bears at most <paramref name="longest"/> milliseconds (a=ptime, a=maxptime:
    /// RFC 8866 §6.4, §6.3): as near as the codec gets without going beyond, from 10 to 60 ms; 20 when it says nothing (RFC 3551 §4.2).
    /// </summary>
    public static int Choose(AudioFormat format, int? wanted, int? longest)
    {
        var limit = Math.Clamp(longest ?? Max, Min, Max);
        var time = Math.Clamp(wanted ?? Default, Min, limit);
        time -= time % Min;
        while (time > Min && !format.Fits(time))
            time -= Min;
        return time;
    }
}

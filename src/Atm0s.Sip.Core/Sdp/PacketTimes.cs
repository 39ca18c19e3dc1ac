namespace Atm0s.Sip.Core.Sdp;

/// <summary>How much audio goes into one packet.</summary>
internal static class PacketTimes
{
    private const int Min = 10;
    private const int Max = 60;
    private const int Default = 20;

    /// <summary>
    /// What we send to a peer that asks for <paramref name="wanted"/> and bears at most <paramref name="longest"/> milliseconds (a=ptime,
    /// a=maxptime: RFC 8866 §6.4, §6.3): whole tens from 10 to 60 ms, not beyond what is asked; 20 when it says nothing (RFC 3551 §4.2).
    /// </summary>
    public static int Choose(int? wanted, int? longest)
    {
        var time = Math.Clamp(wanted ?? Default, Min, Math.Clamp(longest ?? Max, Min, Max));
        return time - (time % Min);
    }
}

namespace Atm0s.Sip.Dashboard;

/// <summary>Finds settings that can't work.</summary>
internal static class DashboardOptionsCheck
{
    /// <summary>What to write instead; null when all can work.</summary>
    public static string? Fault(SipDashboardOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Title) || options.Title.Length > 60)
            return "The dashboard's Title has 1 to 60 characters; write for example \"Rooms of the Berlin office\".";
        if (options.UpdateInterval < TimeSpan.FromMilliseconds(250) || options.UpdateInterval > TimeSpan.FromSeconds(1))
            return $"The dashboard's UpdateInterval is {options.UpdateInterval.TotalMilliseconds} ms; write a time from 250 ms to 1 s.";
        if (options.MaxWatchers is < 1 or > 1_000)
            return $"The dashboard's MaxWatchers is {options.MaxWatchers}; write a number from 1 to 1000.";
        return options.MaxRows is < 10 or > 10_000
            ? $"The dashboard's MaxRows is {options.MaxRows}; write a number from 10 to 10000." : null;
    }
}

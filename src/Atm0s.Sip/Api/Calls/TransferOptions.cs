namespace Atm0s.Sip;

/// <summary>Settings of one transfer.</summary>
public sealed record TransferOptions
{
    /// <summary>How long the phone may take to get through. 1 s to 10 minutes, default 60 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public TimeSpan Timeout
    {
        get;
        init
        {
            if (value < TimeSpan.FromSeconds(1) || value > TimeSpan.FromMinutes(10))
                throw new ArgumentOutOfRangeException(nameof(value), value, "A transfer may take 1 s to 10 minutes.");
            field = value;
        }
    } = TimeSpan.FromSeconds(60);
}

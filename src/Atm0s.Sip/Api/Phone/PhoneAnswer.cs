namespace Atm0s.Sip;

/// <summary>What a phone does with an incoming call.</summary>
public readonly record struct PhoneAnswer
{
    private PhoneAnswer(int status) => StatusCode = status;

    /// <summary>Takes the call.</summary>
    public static PhoneAnswer Accept { get; } = new(200);

    /// <summary>Busy (486).</summary>
    public static PhoneAnswer Busy { get; } = new(486);

    /// <summary>Declines (603).</summary>
    public static PhoneAnswer Decline { get; } = new(603);

    /// <summary>Status code of the answer.</summary>
    public int StatusCode { get; }
}

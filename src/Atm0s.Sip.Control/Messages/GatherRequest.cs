using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/calls/{id}/gather</c>.</summary>
public sealed record GatherRequest
{
    /// <summary>Name of a file in the folder of sounds that is played first; absent for nothing.</summary>
    public string? Prompt { get; set; }

    /// <summary>Name of a file that is played before the next try; absent for the same again.</summary>
    [JsonPropertyName("retry_prompt")]
    public string? RetryPrompt { get; set; }

    /// <summary>Fewer digits do not count: 1 to 64. Default 1.</summary>
    [JsonPropertyName("min_digits")]
    public int MinDigits { get; set; } = 1;

    /// <summary>So many end it: 1 to 64. Default 16.</summary>
    [JsonPropertyName("max_digits")]
    public int MaxDigits { get; set; } = 16;

    /// <summary>The key that ends it, empty or null for none. Default <c>#</c>.</summary>
    public string? Terminator { get; set; } = "#";

    /// <summary>Whether keys of the five seconds before count. Default true.</summary>
    [JsonPropertyName("takes_earlier_digits")]
    public bool TakesEarlierDigits { get; set; } = true;

    /// <summary>Seconds to the first digit, after the prompt: up to 600. Default 10.</summary>
    [JsonPropertyName("first_digit_timeout_s")]
    public double FirstDigitTimeoutS { get; set; } = 10;

    /// <summary>Seconds from digit to digit: up to 600. Default 4.</summary>
    [JsonPropertyName("between_digits_timeout_s")]
    public double BetweenDigitsTimeoutS { get; set; } = 4;

    /// <summary>How often it is asked for: 1 to 10. Default 3.</summary>
    public int Tries { get; set; } = 3;

    internal GatherOptions ToOptions(AudioClip? prompt, AudioClip? again = null) => new()
    {
        Prompt = prompt,
        RetryPrompt = again,
        MinDigits = MinDigits,
        MaxDigits = MaxDigits,
        Terminator = KeyOf(Terminator),
        TakesEarlierDigits = TakesEarlierDigits,
        FirstDigitTimeout = Seconds(FirstDigitTimeoutS),
        BetweenDigitsTimeout = Seconds(BetweenDigitsTimeoutS),
        Tries = Tries,
    };

    private static char? KeyOf(string? terminator) => terminator is null or "" ? null
        : terminator is [var key] ? key
        : throw new ArgumentException("One key, or none.", nameof(terminator));

    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(value is > 0 and <= 600
        ? value
        : throw new ArgumentException("Times are more than 0 and at most 600 seconds.", nameof(value)));
}

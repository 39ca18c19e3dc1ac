using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/calls/{id}/record</c> and <c>/sip/rooms/{id}/record</c>.</summary>
public sealed record RecordRequest
{
    /// <summary>Name of the file, in the folder of recordings: <c>.wav</c>, or <c>.ogg</c> for Opus.</summary>
    [Required]
    public string? File { get; set; }

    /// <summary>Rate, in Hz: 8000, 16000 (default) or 48000.</summary>
    [JsonPropertyName("sample_rate")]
    public int SampleRate { get; set; } = 16_000;

    /// <summary>Of a call: whether both directions have channels of their own. Default true.</summary>
    [JsonPropertyName("two_channels")]
    public bool TwoChannels { get; set; } = true;

    /// <summary>Whether it begins with a pause, until <c>resume</c>. Default false.</summary>
    [JsonPropertyName("start_paused")]
    public bool StartPaused { get; set; }

    /// <summary>Seconds after which it ends by itself, pauses left out: up to 30 days. Default 24 hours.</summary>
    [JsonPropertyName("max_duration_s")]
    public double MaxDurationS { get; set; } = 86_400;

    internal RecordingOptions ToOptions() => new()
    {
        SampleRate = SampleRate,
        TwoChannels = TwoChannels,
        StartPaused = StartPaused,
        MaxDuration = TimeSpan.FromSeconds(MaxDurationS is > 0 and <= 2_592_000
            ? MaxDurationS
            : throw new ArgumentException("max_duration_s is more than 0 and at most 2592000 seconds.")),
    };
}

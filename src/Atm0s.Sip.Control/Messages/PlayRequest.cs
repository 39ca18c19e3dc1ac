using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/calls/{id}/play</c> and <c>/sip/rooms/{id}/play</c>.</summary>
public sealed record PlayRequest
{
    /// <summary>Name of a file in the folder of sounds.</summary>
    [Required]
    public string? File { get; set; }

    /// <summary>Whether it is played round and round, until it is stopped. Default false.</summary>
    public bool Loop { get; set; }

    /// <summary>How much louder, -40 to +20 dB. Default 0.</summary>
    public double Decibels { get; set; }

    /// <summary>Whether it is softer while somebody talks. Default false.</summary>
    public bool Duck { get; set; }

    /// <summary>To a call: whether phone and room hear each other meanwhile. Default false.</summary>
    [JsonPropertyName("over_room")]
    public bool OverRoom { get; set; }

    /// <summary>To a call: the keys that end it.</summary>
    [JsonPropertyName("stop_keys")]
    public string? StopKeys { get; set; } = "";

    internal PlayOptions ToOptions() =>
        new() { Loop = Loop, Gain = Decibels, Duck = Duck, OverRoom = OverRoom, StopKeys = StopKeys ?? "" };
}

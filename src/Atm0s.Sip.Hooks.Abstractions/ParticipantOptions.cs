using System.Collections.ObjectModel;

namespace Atm0s.Sip.Hooks;

/// <summary>As what a call comes into its room.</summary>
public sealed record ParticipantOptions
{
    /// <summary>The settings of a call about which nothing was said.</summary>
    public static ParticipantOptions Default { get; } = new();

    /// <summary>
    /// Name of the participant in the room, 1 to 256 characters; null takes the call's id, which nobody else has. A participant that comes
    /// under a name that is
    /// in the room already takes its place: the earlier call ends (<see cref="CallEndCause.Replaced"/>).
    /// </summary>
    public string? Id
    {
        get;
        init
        {
            if (value is not null && (value.Length is 0 or > 256 || value.AsSpan().ContainsAnyInRange('\0', '\u001f')))
                throw new ArgumentException(
                    "A participant's id has 1 to 256 characters and no control characters; null takes the call's id.", nameof(value));
            field = value;
        }
    }

    /// <summary>
    /// A program that hears the call over a WebSocket, and may speak with it, from the answer on; null (default) for none.
    /// </summary>
    /// <exception cref="ArgumentException">It would go unencrypted to another machine, which its options do not allow.</exception>
    public MediaStreamOptions? Stream
    {
        get;
        init
        {
            if (value is { IsExposed: true })
                throw new ArgumentException(MediaStreamOptions.WhyExposed, nameof(value));
            field = value;
        }
    }

    /// <summary>The host's own words about the participant, given back in every event. At most 64; empty by default.</summary>
    public IReadOnlyDictionary<string, string> Attributes
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count > 64)
                throw new ArgumentException("A participant has at most 64 attributes.", nameof(value));
            field = value;
        }
    } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether the room does not hear the phone until it is unmuted. Default false.</summary>
    public bool Muted { get; init; }

    /// <summary>
    /// Codecs that may be used in this call, best first, for example <c>PCMA</c>; names that the server does not have are passed over. Null
    /// takes all the server has.
    /// </summary>
    public IReadOnlyList<string>? Codecs
    {
        get;
        init
        {
            if (value is { Count: 0 })
                throw new ArgumentException("A call needs at least one codec; null allows all.", nameof(value));
            field = value;
        }
    }

    /// <summary>
    /// Whether the audio of this call is encrypted. Null (default) takes what the trunk or the server says; where that says
    /// <see cref="MediaEncryption.Require"/> nothing else is heard.
    /// </summary>
    public MediaEncryption? Encryption
    {
        get;
        init
        {
            if (value is { } policy && !Enum.IsDefined(policy))
                throw new ArgumentOutOfRangeException(nameof(value), value, "Encryption is Off, Prefer, Require, or null.");
            field = value;
        }
    }

    /// <summary>Header fields that we add to the INVITE of an outgoing call, or to our 180 and 200 to an incoming one, for example
    /// <c>X-Ticket</c>. At most 32,
    /// of 1,024 characters each. The fields by which SIP itself works (Via, To, Contact and the like) are not for the host.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers
    {
        get;
        init => field = HostHeaders.Check(value);
    } = [];
}

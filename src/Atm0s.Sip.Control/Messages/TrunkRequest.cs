using System.ComponentModel.DataAnnotations;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/trunks</c>. The text of it does not show the password.</summary>
public sealed record TrunkRequest
{
    /// <summary>Its name.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>Where it is, for example <c>sip:pbx.example.com:5060;transport=tcp</c>.</summary>
    [Required]
    public string? Server { get; init; }

    /// <summary>User name for its challenges.</summary>
    public string? Username { get; init; }

    /// <summary>Password for its challenges.</summary>
    public string? Password { get; init; }

    /// <summary>Whether to register with it. Default false.</summary>
    public bool Register { get; init; }

    /// <summary>Host part of our addresses there; absent takes the host of the server.</summary>
    public string? Domain { get; init; }

    /// <summary>Time to ask for, in seconds; 30 to 86400. Default 3600.</summary>
    public int Expires { get; set; } = 3600;

    /// <summary>Addresses and CIDR blocks its calls come from; absent takes the address of the server.</summary>
    public IReadOnlyList<string>? Networks { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"TrunkRequest {{ Name = {Name}, Server = {Server} }}";

    internal TrunkOptions ToOptions() => new()
    {
        Name = Name ?? "",
        Server = Server ?? "",
        Credentials = Username is null ? null : new SipCredentials(Username, Password ?? ""),
        Register = Register,
        Domain = Domain,
        Expires = TimeSpan.FromSeconds(Expires),
        Networks = Networks,
    };
}

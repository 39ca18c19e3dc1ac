namespace Atm0s.Sip.Control.Messages;

/// <summary>A user and password for a called server. The text of it does not show the password.</summary>
public sealed record DestAuth
{
    /// <summary>User name.</summary>
    public string? Username { get; init; }

    /// <summary>Password.</summary>
    public string? Password { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"DestAuth {{ Username = {Username} }}";
}

namespace Atm0s.Sip.Hooks;

/// <summary>Whom a transfer rings: a registered user, an address, or a number over a trunk.</summary>
public abstract record TransferTarget
{
    private TransferTarget()
    {
    }

    /// <summary>A registered user.</summary>
    /// <param name="username">Authenticated user name, 1 to 256 characters.</param>
    public static TransferTarget User(string username) => new RegisteredUser(Check(username, nameof(username)));

    /// <summary>An address.</summary>
    /// <param name="uri">For example <c>sip:1001@192.0.2.7:5060;transport=tcp</c>; at most 1,024 characters, no control characters.</param>
    public static TransferTarget Uri(string uri) => new Address(Check(uri, nameof(uri), 1024));

    /// <summary>A number over a trunk.</summary>
    /// <param name="trunk">Name of the trunk.</param>
    /// <param name="number">Number to call.</param>
    public static TransferTarget Trunk(string trunk, string number) =>
        new TrunkNumber(Check(trunk, nameof(trunk)), Check(number, nameof(number)));

    private static string Check(string value, string name, int longest = 256)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        if (value.Length > longest || value.AsSpan().ContainsAnyInRange('\0', '\u001f'))
            throw new ArgumentException($"It has 1 to {longest} characters and no control characters.", name);
        return value;
    }

    /// <summary>Case of <see cref="User"/>.</summary>
    public sealed record RegisteredUser : TransferTarget
    {
        internal RegisteredUser(string username) => Username = username;

        /// <summary>User name.</summary>
        public string Username { get; }
    }

    /// <summary>Case of <see cref="Uri"/>.</summary>
    public sealed record Address : TransferTarget
    {
        internal Address(string value) => Value = value;

        /// <summary>SIP URI.</summary>
        public string Value { get; }
    }

    /// <summary>Case of <see cref="Trunk"/>.</summary>
    public sealed record TrunkNumber : TransferTarget
    {
        internal TrunkNumber(string name, string number) => (Name, Number) = (name, number);

        /// <summary>Name of the trunk.</summary>
        public string Name { get; }

        /// <summary>Number to call.</summary>
        public string Number { get; }
    }
}

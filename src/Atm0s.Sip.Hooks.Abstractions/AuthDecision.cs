namespace Atm0s.Sip.Hooks;

/// <summary>Answer of an <see cref="IAuthProvider"/>: a stored hash, or nobody of that name.</summary>
public abstract class AuthDecision
{
    private AuthDecision()
    {
    }

    /// <summary>No such user. Looks to the phone exactly like a wrong password.</summary>
    public static AuthDecision Unknown { get; } = new UnknownUser();

    /// <summary>The user exists.</summary>
    /// <param name="ha1">H(username:realm:password) in hex, with H of <see cref="AuthRequest.Algorithm"/> (RFC 7616 §3.4.2); 32 digits for
    /// MD5, 64 for SHA-256 and SHA-512-256.</param>
    /// <exception cref="ArgumentException">Not 32 or 64 hex digits.</exception>
    public static AuthDecision WithHa1(string ha1) => new KnownUser(ha1, []);

    /// <summary>The user exists, and his numbers are not his login name.</summary>
    /// <param name="ha1">H(username:realm:password) in hex, as above.</param>
    /// <param name="numbers">
    /// The numbers that the user may register and call as, for example <c>1001</c> or <c>sip:1001@example.com</c>; the first is told where
    /// he names none. Empty means his user name alone. At most 1,000.
    /// </param>
    /// <exception cref="ArgumentException">Not 32 or 64 hex digits, or an empty or over-long number.</exception>
    public static AuthDecision WithHa1(string ha1, IReadOnlyList<string> numbers) => new KnownUser(ha1, numbers);

    /// <summary>Case of <see cref="Unknown"/>.</summary>
    public sealed class UnknownUser : AuthDecision
    {
        internal UnknownUser()
        {
        }

        /// <inheritdoc/>
        public override string ToString() => "unknown user";
    }

    /// <summary>Case of <see cref="WithHa1(string)"/>. A class, not a record, so that the secret is never printed.</summary>
    public sealed class KnownUser : AuthDecision
    {
        internal KnownUser(string ha1, IReadOnlyList<string> numbers)
        {
            ArgumentNullException.ThrowIfNull(numbers);
            if (numbers.Count > 1000 || numbers.Any(n => string.IsNullOrEmpty(n) || n.Length > 256))
                throw new ArgumentException("A user has at most 1,000 numbers, of 1 to 256 characters each.", nameof(numbers));
            Numbers = [.. numbers];
            ArgumentNullException.ThrowIfNull(ha1);
            if (ha1.Length is not (32 or 64) || !ha1.All(char.IsAsciiHexDigit))
                throw new ArgumentException(
                    "HA1 must be 32 (MD5) or 64 (SHA-256, SHA-512-256) hex digits: the hash of username:realm:password, not the password "
                    + "itself.", nameof(ha1));
            Ha1 = ha1;
        }

        /// <summary>The hash, in hex.</summary>
        public string Ha1 { get; }

        /// <summary>The numbers that the user may register and call as; empty means his user name alone.</summary>
        public IReadOnlyList<string> Numbers { get; }

        /// <summary>Does not show the hash.</summary>
        public override string ToString() => "known user (HA1 not shown)";
    }
}

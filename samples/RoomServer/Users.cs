using System.Collections.Concurrent;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;

namespace RoomServer;

/// <summary>The users: from a file, or everybody with the password "pw-" + name.</summary>
[NonBlocking]
internal sealed class Users(Arguments arguments) : IAuthProvider
{
    private const int MaxKnown = 100_000;

    private readonly ConcurrentDictionary<(string User, string Algorithm), AuthDecision> _known = new();
    private readonly Dictionary<string, string> _passwords = 
        arguments.UsersFile is { } file ? Read(file, arguments.Passwords) : arguments.Passwords;

    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((request.Username, request.Algorithm), out var known))
            return ValueTask.FromResult(known);
        if (!_passwords.TryGetValue(request.Username, out var password))
        {
            if (!arguments.DemoUsers)
                return ValueTask.FromResult(AuthDecision.Unknown);
            password = "pw-" + request.Username;
        }

        // A real host stores this hash and never the password.
        var decision = AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, password));
        if (_known.Count < MaxKnown)
            _known[(request.Username, request.Algorithm)] = decision;
        return ValueTask.FromResult(decision);
    }

    private static Dictionary<string, string> Read(string file, Dictionary<string, string> others)
    {
        var users = new Dictionary<string, string>(others, StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var comma = line.IndexOf(',', StringComparison.Ordinal);
            if (comma <= 0)
                throw new FormatException($"{file}: every line is \"user,password\", not \"{(comma < 0 ? line : "")}\".");
            users[line[..comma]] = line[(comma + 1)..];
        }

        return users;
    }
}

using Atm0s.Sip.LoadGenerator.Native;

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>Whom the traffic goes to, and how one talks to it.</summary>
/// <param name="Port">Of 127.0.0.1.</param>
/// <param name="Domain">The host of its users' addresses.</param>
/// <param name="Password">The password of a user name.</param>
internal sealed record Target(int Port, string Domain, Func<string, string> Password)
{
    public SocketAddress4 Address => new(Loopback.Server, Port);
}

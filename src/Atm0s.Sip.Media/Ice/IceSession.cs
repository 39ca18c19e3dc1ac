using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Ice;

/// <summary>What one exchange of credentials means for checks of a component, and the pairs that came of it (RFC 8445 §7.3).</summary>
internal sealed class IceSession
{
    private readonly byte[] _username;
    private readonly byte[] _password;
    private readonly (MediaAddress Address, uint Priority)[] _candidates;

    /// <param name="parameters">Of offer and answer.</param>
    /// <param name="component">Candidates of other components do not count.</param>
    public IceSession(IceParameters parameters, int component)
    {
        Parameters = parameters;
        // RFC 8445 §7.2.2: the fragment of who is asked comes first.
        _username = Encoding.UTF8.GetBytes($"{parameters.LocalUfrag}:{parameters.RemoteUfrag}");
        _password = Encoding.UTF8.GetBytes(parameters.LocalPassword);
        _candidates = [.. parameters.RemoteCandidates.Take(IceParameters.MaxCandidates)
            .Where(c => c.Component == component)
            .Select(c => (MediaAddress.From(c.EndPoint), c.Priority))];
    }

    public IceParameters Parameters { get; }

    /// <summary>Sources whose checks were authentic.</summary>
    public IcePairs Pairs { get; } = new();

    /// <summary>Key of MESSAGE-INTEGRITY, in checks and in responses.</summary>
    public ReadOnlySpan<byte> Password => _password;

    /// <summary>Whether a check is meant for this session.</summary>
    public bool IsFor(ReadOnlySpan<byte> username) => CryptographicOperations.FixedTimeEquals(_username, username);

    /// <summary>Priority that the peer has given an address; null when it has not named it.</summary>
    public uint? PriorityOf(MediaAddress address)
    {
        foreach (var candidate in _candidates)
        {
            if (candidate.Address == address)
                return candidate.Priority;
        }

        return null;
    }
}

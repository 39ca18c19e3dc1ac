using System.Text;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Stun;

namespace Atm0s.Sip.Media.Tests.Ice;

/// <summary>A check as a peer writes it (RFC 8445 §7.2).</summary>
internal sealed record StunCheck
{
    public static IceParameters Parameters { get; } = new()
    {
        LocalUfrag = "ours",
        LocalPassword = "our-password-our-password",
        RemoteUfrag = "peer",
        RemotePassword = "peers-password-peers-pass",
    };

    public string Username { get; init; } = "ours:peer";

    public string Password { get; init; } = Parameters.LocalPassword;

    public uint Priority { get; init; } = 1000;

    public bool Nominates { get; init; }

    public bool IsControlled { get; init; }

    public StunClass Class { get; init; } = StunClass.Request;

    public ushort Unknown { get; init; }

    public bool HasIntegrity { get; init; } = true;

    public byte Transaction { get; init; } = 1;

    public byte[] ToArray()
    {
        var buffer = new byte[1500];
        var writer = new StunWriter(buffer, Class, [Transaction, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
        writer.Write(StunAttribute.Username, Encoding.UTF8.GetBytes(Username));
        writer.Write(StunAttribute.Priority, Priority);
        writer.Write(IsControlled ? StunAttribute.IceControlled : StunAttribute.IceControlling, 77UL);
        if (Nominates)
            writer.Write(StunAttribute.UseCandidate, []);
        if (Unknown != 0)
            writer.Write((StunAttribute)Unknown, [1]);
        if (HasIntegrity)
            writer.WriteIntegrity(Encoding.UTF8.GetBytes(Password));
        writer.WriteFingerprint();
        return buffer[..writer.Length];
    }
}

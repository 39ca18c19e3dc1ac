using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Atm0s.Sip.Media.Ice;

namespace Atm0s.Sip.Media.Tests.Ice;

/// <summary>Where a leg says that it can be reached (RFC 8445 §5.1.1.1).</summary>
public sealed class LocalCandidatesTests
{
    [Test]
    public void LegThatIsBoundToAll_NamesWhatIsAdvertised_AndEachAddressOfTheMachine()
    {
        var mine = NetworkInterface.GetAllNetworkInterfaces()
            .Where(one => one.OperationalStatus == OperationalStatus.Up)
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address)
            .Where(one => one.AddressFamily == AddressFamily.InterNetwork)
            .Where(one => !one.ToString().StartsWith("169.254.", StringComparison.Ordinal))
            .ToList();
        var advertised = IPAddress.Parse("192.0.2.77");
        var listed = LocalCandidates.List(new IPEndPoint(IPAddress.Any, 4000), [advertised], muxed: true);
        Assert.That(listed[0].EndPoint, Is.EqualTo(new IPEndPoint(advertised, 4000)), "what others know us by comes first");
        Assert.That(listed.Skip(1).Select(one => one.EndPoint.Address), Is.EquivalentTo(mine));
        Assert.That(listed.Select(one => one.Priority), Is.Ordered.Descending.And.Unique);
    }
}

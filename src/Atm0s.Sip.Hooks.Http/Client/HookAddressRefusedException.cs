using System.Net;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>The hook server's name leads to no address that may be connected to.</summary>
/// <param name="address">The first that was refused.</param>
internal sealed class HookAddressRefusedException(IPAddress address)
    : Exception(
        $"{address} is not an address that the hook server may have; add its network to HttpHookOptions.AllowedNetworks if it is right.");

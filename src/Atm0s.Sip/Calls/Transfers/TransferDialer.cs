using System.Net;
using System.Text;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>Rings the target of a transfer into the room of the call that asked for it.</summary>
internal sealed class TransferDialer(CallServices services)
{
    private readonly Caller _caller = new(services);

    /// <summary>Whom a Refer-To means when the host does not say.</summary>
    /// <param name="uri">URI of the Refer-To.</param>
    /// <param name="flow">The way that the REFER came.</param>
    public TransferTarget TargetOf(string uri, SipFlow flow)
    {
        var bytes = Encoding.UTF8.GetBytes(uri);
        if (!SipUriView.TryParse(bytes, out var view) || SipNumbers.Of(view) is not { Length: > 0 } number)
            return TransferTarget.Uri(uri);
        if (view.Scheme == SipUriScheme.Tel)
            return TransferTarget.User(number);
        // Without a domain of our own every name may mean this server, but not the address of another machine.
        var isElsewhere = FlowAddresses.TryReadHost(view.Host, out var address)
            && !address.Equals(flow.LocalEndPoint.Address)
            && services.Registrar.Find(number).Count == 0;
        return !isElsewhere && services.Authenticator.Domains.IsOurs(view.Host, flow) ? TransferTarget.User(number)
            : TransferTarget.Uri(uri);
    }

    /// <summary>Calls.</summary>
    /// <param name="target">Whom.</param>
    /// <param name="roomId">Room to ring it into.</param>
    /// <param name="from">Number it is shown.</param>
    /// <param name="options">More settings.</param>
    /// <param name="mayLead">Whether an address may lead to a place; null when the host has named it.</param>
    /// <returns>The call; one that could not be tried has ended already.</returns>
    /// <exception cref="ArgumentException">An address that can't be called.</exception>
    public async Task<ISipCall> CallAsync(
        TransferTarget target, string roomId, string from, OutgoingCallOptions options, Func<IPEndPoint, bool>? mayLead)
    {
        switch (target)
        {
            case TransferTarget.RegisteredUser user:
                return _caller.CallUser(roomId, user.Username, from, options);
            case TransferTarget.TrunkNumber trunk:
                return await _caller.CallTrunkAsync(roomId, trunk.Name, trunk.Number, from, options, CancellationToken.None)
                    .ConfigureAwait(false);
            default:
                var address = ((TransferTarget.Address)target).Value;
                return await _caller.CallServerAsync(roomId, address, from, options, CancellationToken.None, mayLead).ConfigureAwait(false);
        }
    }
}

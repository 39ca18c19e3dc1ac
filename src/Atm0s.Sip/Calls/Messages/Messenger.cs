using System.Collections.Concurrent;
using System.Text;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Messages;

/// <summary>Sends text messages outside of calls. Any thread.</summary>
internal sealed class Messenger(CallServices services)
{
    private readonly ConcurrentDictionary<SentMessage, bool> _waiting = new();

    /// <summary>Sends one to a registered user, on every phone of his, or to an address.</summary>
    public async Task<MessageResult> SendAsync(
        string target, string from, string text, SendMessageOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        ArgumentException.ThrowIfNullOrEmpty(from);
        if (from.Length > 256 || from.AsSpan().ContainsAnyInRange('\0', '\u001f'))
            throw new ArgumentException("A number has at most 256 characters and no control characters.", nameof(from));
        MessageBody.Check(text, options.ContentType);
        if (!target.Contains(':', StringComparison.Ordinal))
            return await SendToUserAsync(target, from, text, options).ConfigureAwait(false);
        if (!SipUri.TryParse(target, out var uri)
            || target.Contains('?', StringComparison.Ordinal)
            || UriTransport.ProblemOf(Encoding.UTF8.GetBytes(target), services.Stack.Spoken) is not null)
            throw new ArgumentException(
                $"\"{target}\" is no address; write a user name, or for example sip:1001@192.0.2.7.", nameof(target));
        if (await FlowResolver.FindAsync(services.Stack, services.Hosts, uri, cancellationToken).ConfigureAwait(false) is not { } way)
            return new MessageResult(MessageStatus.Unreachable);
        var flow = way.Flow;
        var to = SipUri.Create(uri.User, uri.Host).ToString();
        return await SendAsync(
            new OutboundTarget(flow, target, to, services.Authenticator.Domains.HostTowards(flow)), from, text, options)
                .ConfigureAwait(false);
    }

    /// <summary>The server works no more: nothing is waited for.</summary>
    public void Abandon()
    {
        foreach (var message in _waiting.Keys)
            message.Abandon();
    }

    // The best of what his phones say: one that has it is enough.
    private async Task<MessageResult> SendToUserAsync(string username, string from, string text, SendMessageOptions options)
    {
        var sent = new List<Task<MessageResult>>();
        foreach (var registration in services.Registrar.Find(username))
        {
            if (!services.Registrar.TryGet(registration.SessionId, out var binding))
                continue;
            var flow = binding.FlowForRequests(services.Stack);
            var domain = services.Authenticator.Domains.HostTowards(flow, binding.Info.AddressOfRecord);
            var toUri = $"sip:{SipEscapes.EscapeUser(username)}@{domain}";
            var target = new OutboundTarget(flow, binding.Info.Contact, toUri, domain, IsRegistered: true) { Routes = binding.Info.Path };
            sent.Add(SendAsync(target, from, text, options));
        }

        var results = await Task.WhenAll(sent).ConfigureAwait(false);
        return results.Length == 0 ? new MessageResult(MessageStatus.Unreachable, 480) : results.MinBy(r => r.Status)!;
    }

    private async Task<MessageResult> SendAsync(OutboundTarget target, string from, string text, SendMessageOptions options)
    {
        var message = new SentMessage(services.Stack, target, from, text, options);
        _waiting[message] = true;
        message.Post();
        try
        {
            return await message.Done.ConfigureAwait(false);
        }
        finally
        {
            _waiting.TryRemove(message, out _);
        }
    }
}

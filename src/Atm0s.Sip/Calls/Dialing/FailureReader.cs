using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>Reads what a failure response, a BYE or a CANCEL says beside its status code or method.</summary>
internal static class FailureReader
{
    // It is kept with the call for as long as that is, and the message may be 64 KiB long.
    private const int MaxText = 256;

    /// <summary>Reads; null when it says nothing more.</summary>
    public static CallFailure? Read(SipMessage response)
    {
        var failure = new CallFailure
        {
            RetryAfter = RetryAfter.Read(response) is { } retry ? TimeSpan.FromSeconds(retry.Seconds) : null,
            Contacts = response.StatusCode is >= 300 and < 400 ? [.. RedirectTargets.Read(response).Select(t => t.Uri)] : [],
            Reason = Join(response, SipHeaderId.Reason),
            Warning = Join(response, SipHeaderId.Warning),
        };
        return failure is { RetryAfter: null, Contacts.Count: 0, Reason: null, Warning: null } ? null : failure;
    }

    private static string? Join(SipMessage response, SipHeaderId id)
    {
        var values = new List<string>();
        foreach (var value in response.GetValues(id))
            values.Add(Encoding.UTF8.GetString(value));
        var text = string.Join(", ", values);
        return values.Count == 0 ? null : text.Length <= MaxText ? text : text[..MaxText];
    }
}

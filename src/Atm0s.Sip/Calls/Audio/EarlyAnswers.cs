using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>
/// Descriptions in provisional responses to our INVITE, one for each phone that rings. Gateways answer in a 183 and leave the description
/// out of
/// the 200, though RFC 3261 §13.2.1 wants it there too. The first few phones only.
/// </summary>
internal sealed class EarlyAnswers
{
    private const int MaxPhones = 16;

    private readonly Dictionary<string, byte[]> _answers = [];

    /// <summary>Keeps the description of a provisional response, if it has one.</summary>
    public void Add(SipMessage response)
    {
        var tag = TagOf(response);
        if (SdpBody.TryFind(response, out var sdp) == SdpBodyResult.Found && (_answers.Count < MaxPhones || _answers.ContainsKey(tag)))
            _answers[tag] = sdp.ToArray();
    }

    /// <summary>
    /// The answer of the phone that has picked up: in its 2xx, else what it said before; empty when it never said anything.
    /// </summary>
    public byte[] Of(SipMessage success)
    {
        if (SdpBody.TryFind(success, out var sdp) == SdpBodyResult.Found)
            return sdp.ToArray();
        return _answers.GetValueOrDefault(TagOf(success)) ?? [];
    }

    // Each phone that we ring is told another From tag; behind a proxy it has a To tag of its own.
    private static string TagOf(SipMessage response) =>
        $"{Encoding.UTF8.GetString(response.FromTag)} {Encoding.UTF8.GetString(response.ToTag)}";
}

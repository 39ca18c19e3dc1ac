using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Authentication;

/// <summary>Who has shown a right password, and which numbers are his.</summary>
/// <param name="Name">User name of the credentials.</param>
/// <param name="Numbers">Numbers, or addresses of record, that the host says are his; empty means his own name.</param>
internal sealed record Login(string Name, IReadOnlyList<string> Numbers)
{
    /// <summary>The number he is told as when he names none.</summary>
    public string MainNumber => Numbers.Count == 0 ? Name : NumberOf(Numbers[0]);

    /// <summary>Whether a number is his.</summary>
    public bool Owns(string number)
    {
        if (Numbers.Count == 0)
            return string.Equals(number, Name, StringComparison.Ordinal);
        foreach (var own in Numbers)
        {
            if (string.Equals(NumberOf(own), number, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static string NumberOf(string text) =>
        SipNumbers.Of(Encoding.UTF8.GetBytes(text)) is { Length: > 0 } number ? number : text;
}

using System.Text;
using Atm0s.Sip.LoadGenerator.Native;
using Atm0s.Sip.LoadGenerator.Traffic;
using Atm0s.Sip.LoadGenerator.Wire;

namespace Atm0s.Sip.LoadGenerator.Presets;

/// <summary>One request of a stranger with an address of his own, and what comes back.</summary>
internal sealed class AmplificationProbe : IDisposable
{
    private const string Credentials = "@CREDENTIALS@";
    private readonly UdpPort _socket = new();
    private readonly string _text;
    private readonly uint _source;
    private readonly List<int> _statuses = [];
    private bool _waitsForNonce;

    /// <param name="name">What it is.</param>
    /// <param name="text">The request; <c>@SOURCE@</c>, <c>@N@</c> and <c>@CREDENTIALS@</c> are filled in.</param>
    /// <param name="number">Of the source.</param>
    public AmplificationProbe(string name, string text, int number)
    {
        (Name, _source) = (name, Loopback.Source(5_000 + number));
        _text = text.Replace("@SOURCE@", $"{Dotted(_source)}:{_socket.Port}", StringComparison.Ordinal)
            .Replace("@N@", number.ToString(Culture.Invariant), StringComparison.Ordinal);
        _waitsForNonce = _text.Contains(Credentials, StringComparison.Ordinal);
    }

    public string Name { get; }

    public int Said { get; private set; }

    public long Heard { get; private set; }

    public int Packets { get; private set; }

    public string Statuses => string.Join(' ', _statuses);

    /// <summary>Sends it; one with credentials asks for a nonce first, which does not count.</summary>
    public void Ask(Target target) => Send(target, _waitsForNonce ? _text.Replace(Credentials, "", StringComparison.Ordinal) : _text);

    /// <summary>Counts what has come.</summary>
    public void Hear(Target target)
    {
        var count = _socket.Receive();
        for (var i = 0; i < count; i++)
        {
            var message = _socket.Message(i);
            if (_waitsForNonce && Challenge.TryFind(message, out var challenge))
            {
                _waitsForNonce = false;
                var writer = new SipWriter(1024);
                var end = _text.IndexOf(' ', StringComparison.Ordinal);
                var uri = _text[(end + 1).._text.IndexOf(" SIP/2.0", StringComparison.Ordinal)];
                new Passwords(_ => "").Write(
                    writer, challenge, 77, Encoding.ASCII.GetBytes(_text[..end]), Encoding.ASCII.GetBytes(uri), wrong: true);
                Send(target, _text.Replace(Credentials, Encoding.ASCII.GetString(writer.Written), StringComparison.Ordinal)
                    .Replace("CSeq: 1", "CSeq: 2", StringComparison.Ordinal)
                    .Replace("branch=z9hG4bK", "branch=z9hG4bKb", StringComparison.Ordinal));
                continue;
            }

            _statuses.Add(SipReader.Status(message));
            Packets++;
            Heard += message.Length;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static string Dotted(uint address) => $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}";

    private void Send(Target target, string text)
    {
        Said = text.Length;
        _socket.Send(Encoding.ASCII.GetBytes(text), _source, target.Address);
        _socket.Flush();
    }
}

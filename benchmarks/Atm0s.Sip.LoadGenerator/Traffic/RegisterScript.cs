using Atm0s.Sip.LoadGenerator.Wire;

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>REGISTER, 401, REGISTER with a digest, 200.</summary>
/// <param name="target">The server.</param>
/// <param name="expires">How long the binding shall last, in seconds.</param>
/// <param name="wrongPassword">Registers as somebody who guesses; a refusal is then what is wanted.</param>
internal sealed class RegisterScript(Target target, int expires = 3600, bool wrongPassword = false) : Script
{
    private readonly byte[] _uri = System.Text.Encoding.ASCII.GetBytes($"sip:{target.Domain}");

    public override void Begin(TrafficLoop loop, Exchange exchange, long now)
    {
        loop.Requests.Start(exchange, "REGISTER"u8, _uri).Text("Expires: "u8).Number(expires).Text("\r\n"u8).Body(default);
        loop.Send(exchange, now);
    }

    public override void OnResponse(TrafficLoop loop, Exchange exchange, int status, uint sequence, ReadOnlySpan<byte> message, long now)
    {
        if (status < 200 || sequence != exchange.Sequence)
            return;
        if (exchange.Step != Step.Asked || !Challenge.TryFind(message, out var challenge))
        {
            loop.End(exchange, wrongPassword && status is 401 or 403 ? 200 : status, now);
            return;
        }

        exchange.Step = Step.Authenticated;
        exchange.Sequence++;
        var writer = loop.Requests.Start(exchange, "REGISTER"u8, _uri).Text("Expires: "u8).Number(expires).Text("\r\n"u8);
        loop.Passwords.Write(writer, challenge, exchange.User, "REGISTER"u8, _uri, wrongPassword);
        writer.Body(default);
        loop.Send(exchange, now);
    }
}

using Atm0s.Sip.LoadGenerator.Wire;

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>Writes the headers that all requests of an exchange have.</summary>
/// <param name="target">The server.</param>
/// <param name="run">This run of the generator.</param>
/// <param name="port">Where answers go.</param>
internal sealed class RequestWriter(Target target, uint run, int port)
{
    /// <summary>The start of a request; headers of its own, and the body, follow.</summary>
    /// <param name="exchange">Whose message it is written to.</param>
    /// <param name="method">The method.</param>
    /// <param name="uri">The Request-URI.</param>
    /// <param name="callee">The user part of To; empty is the caller himself.</param>
    /// <param name="ownBranch">For the ACK of a 2xx, which is a transaction of its own.</param>
    public SipWriter Start(
        Exchange exchange, ReadOnlySpan<byte> method, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> callee = default, bool ownBranch = false)
    {
        var writer = exchange.Message.Begin();
        writer.Text(method).Text(" "u8).Text(uri).Text(" SIP/2.0\r\nVia: SIP/2.0/UDP "u8).Address(exchange.Source).Text(":"u8).Number(port)
            .Text(";rport;branch="u8);
        new BranchId(run, exchange.Slot, exchange.Generation, exchange.Sequence).Write(writer);
        writer.Text(ownBranch ? "a"u8 : default).Text("\r\nMax-Forwards: 70\r\nFrom: \"Load\" <sip:u"u8).Padded(exchange.User)
            .Text("@"u8).Text(target.Domain).Text(">;tag=lg"u8).Hex(run).Hex(exchange.Generation).Text("\r\nTo: <sip:"u8);
        if (callee.IsEmpty)
            writer.Text("u"u8).Padded(exchange.User);
        else
            writer.Text(callee);
        writer.Text("@"u8).Text(target.Domain).Text(">"u8);
        if (exchange.ToTag.Length > 0)
            writer.Text(";tag="u8).Text(exchange.ToTag);
        return writer.Text("\r\nCall-ID: lg"u8).Hex(run).Hex(exchange.Slot).Hex(exchange.Generation).Text("@load.invalid\r\nCSeq: "u8)
            .Number(exchange.Sequence).Text(" "u8).Text(method).Text("\r\nContact: <sip:u"u8).Padded(exchange.User).Text("@"u8)
            .Address(exchange.Source).Text(":"u8).Number(port).Text(">\r\nUser-Agent: load\r\n"u8);
    }
}

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>OPTIONS and its answer.</summary>
internal sealed class OptionsScript(Target target) : Script
{
    private readonly byte[] _uri = System.Text.Encoding.ASCII.GetBytes($"sip:{target.Domain}");

    public override void Begin(TrafficLoop loop, Exchange exchange, long now)
    {
        loop.Requests.Start(exchange, "OPTIONS"u8, _uri).Text("Accept: application/sdp\r\n"u8).Body(default);
        loop.Send(exchange, now);
    }

    public override void OnResponse(TrafficLoop loop, Exchange exchange, int status, uint sequence, ReadOnlySpan<byte> message, long now)
    {
        if (status >= 200)
            loop.End(exchange, status, now);
    }
}

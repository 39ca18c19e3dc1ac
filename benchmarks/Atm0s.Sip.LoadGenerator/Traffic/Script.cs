namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>What is said in one kind of exchange.</summary>
internal abstract class Script
{
    /// <summary>Sends the first request.</summary>
    public abstract void Begin(TrafficLoop loop, Exchange exchange, long now);

    /// <summary>A response to the last or an earlier request of the exchange has come.</summary>
    public abstract void OnResponse(TrafficLoop loop, Exchange exchange, int status, uint sequence, ReadOnlySpan<byte> message, long now);

    /// <summary>The timer has fired. A request that waits for its answer is sent again, for a while.</summary>
    public virtual void OnTimer(TrafficLoop loop, Exchange exchange, long now) => loop.Repeat(exchange, now);

    /// <summary>The server has sent a request in this exchange; it is answered by the loop with 200.</summary>
    public virtual void OnRequest(TrafficLoop loop, Exchange exchange, ReadOnlySpan<byte> method, long now)
    {
    }

    /// <summary>No answer came in time: the exchange ends.</summary>
    public virtual void OnAbandoned(TrafficLoop loop, Exchange exchange, long now)
    {
    }

    /// <summary>The run is over: what would go on for ever ends.</summary>
    public virtual void Stop(TrafficLoop loop, Exchange exchange, long now)
    {
    }
}

namespace Atm0s.Sip.Fuzz.Driver;

/// <summary>Says so when one input takes too long: then what runs cannot be stopped, only told.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly Action<byte[]> _onHang;
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private byte[]? _input;
    private long _since;

    /// <param name="limit">The time an input has.</param>
    /// <param name="onHang">Gets the input.</param>
    public Watchdog(TimeSpan limit, Action<byte[]> onHang)
    {
        _limit = limit;
        _onHang = onHang;
        _timer = new Timer(_ => Check(), null, limit / 4, limit / 4);
    }

    /// <summary>An input begins.</summary>
    public void Begin(byte[] input)
    {
        lock (_lock)
            (_input, _since) = (input, Environment.TickCount64);
    }

    /// <summary>It is over.</summary>
    public void End()
    {
        lock (_lock)
            _input = null;
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        byte[]? hanging = null;
        lock (_lock)
        {
            if (_input is not null && Environment.TickCount64 - _since > _limit.TotalMilliseconds)
                (hanging, _input) = (_input, null);
        }

        if (hanging is not null)
            _onHang(hanging);
    }
}

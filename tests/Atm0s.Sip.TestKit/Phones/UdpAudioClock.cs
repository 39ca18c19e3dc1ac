using System.Diagnostics;

namespace Atm0s.Sip.TestKit.Phones;

/// <summary>Drives the audio of many phones, every 20 ms, on a thread of its own.</summary>
public sealed class UdpAudioClock : IDisposable, IAsyncDisposable
{
    private readonly List<UdpAudio> _audios = [];
    private readonly Thread _thread;
    private volatile bool _ended;

    /// <summary>Starts it.</summary>
    public UdpAudioClock()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "phones" };
        _thread.Start();
    }

    /// <summary>Drives one more.</summary>
    public void Add(UdpAudio audio)
    {
        lock (_audios)
            _audios.Add(audio);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended = true;
        _thread.Join();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Run()
    {
        var time = Stopwatch.StartNew();
        for (var tick = 1L; !_ended; tick++)
        {
            lock (_audios)
            {
                foreach (var audio in _audios)
                    audio.Tick();
            }

            // Ticks missed are made up for, as a phone does that was held up.
            var wait = TimeSpan.FromMilliseconds(20 * tick) - time.Elapsed;
            if (wait > TimeSpan.Zero)
                Thread.Sleep(wait);
        }
    }
}

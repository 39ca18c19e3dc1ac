using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling.Walk;

/// <summary>A phone that does by chance what phones do, and repeats its messages as UDP wants it (RFC 3261 §17).</summary>
internal abstract class WalkPhone(VirtualWorld world, ScriptedPhone phone, Random random)
{
    private static readonly TimeSpan _t1 = TimeSpan.FromMilliseconds(500);

    private readonly List<Repetition> _repetitions = [];
    private readonly List<(DateTimeOffset At, Action Act)> _later = [];
    private int _seen;

    public ScriptedPhone Phone => phone;

    protected Random Random => random;

    private DateTimeOffset Now => world.Time.GetUtcNow();

    /// <summary>Looks at what has come, and does what is due.</summary>
    public void Step()
    {
        for (; _seen < phone.Received.Count; _seen++)
            OnMessage(phone.Received[_seen]);
        foreach (var (_, act) in TakeDue())
            act();
        foreach (var repetition in _repetitions.Where(r => r.Due <= Now).ToList())
        {
            repetition.Next(Now);
            if (repetition.IsOver)
                _repetitions.Remove(repetition);
        }
    }

    protected abstract void OnMessage(SipText message);

    protected void Later(int milliseconds, Action act) => _later.Add((Now + TimeSpan.FromMilliseconds(milliseconds), act));

    /// <summary>Sends now, and again and again until it is stopped, or 32 s have passed.</summary>
    protected Repetition Repeat(Action send, Action? onGivenUp = null)
    {
        send();
        var repetition = new Repetition(send, onGivenUp, Now + _t1, Now + (64 * _t1));
        _repetitions.Add(repetition);
        return repetition;
    }

    private List<(DateTimeOffset At, Action Act)> TakeDue()
    {
        var due = _later.Where(l => l.At <= Now).ToList();
        _later.RemoveAll(l => l.At <= Now);
        return due;
    }

    internal sealed class Repetition(Action send, Action? onGivenUp, DateTimeOffset due, DateTimeOffset until)
    {
        private TimeSpan _interval = 2 * _t1;

        public DateTimeOffset Due { get; private set; } = due;

        public bool IsOver { get; private set; }

        public void Stop()
        {
            IsOver = true;
            Due = DateTimeOffset.MinValue;
        }

        public void Next(DateTimeOffset now)
        {
            if (IsOver)
                return;
            if (now >= until)
            {
                IsOver = true;
                onGivenUp?.Invoke();
                return;
            }

            send();
            Due = now + _interval;
            _interval = _interval * 2 > TimeSpan.FromSeconds(4) ? TimeSpan.FromSeconds(4) : _interval * 2;
        }
    }
}

using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>A member that hangs once, where it is told to.</summary>
internal sealed class HangingMember : RoomMember, IDisposable
{
    private readonly ManualResetEventSlim _return = new();

    public volatile Turn HangsIn;

    /// <summary>Set as soon as it hangs.</summary>
    public ManualResetEventSlim Hung { get; } = new();

    public int Losses { get; private set; }

    public int Releases { get; private set; }

    public override int InputRate => 8000;

    public override int OutputRate => 8000;

    public override bool IsFinished => HangsIn == Turn.Release;

    public void Return() => _return.Set();

    public override void OnTurnLost() => Losses++;

    public override void Release(TimeSpan now)
    {
        Hang(Turn.Release);
        Releases++;
    }

    public void Dispose()
    {
        _return.Dispose();
        Hung.Dispose();
    }

    protected override void OnPrepare(TimeSpan now) => Hang(Turn.Prepare);

    protected override bool Read(Span<short> frame, TimeSpan now)
    {
        Hang(Turn.Read);
        return false;
    }

    protected override void Write(ReadOnlySpan<short> frame, TimeSpan now) => Hang(Turn.Write);

    private void Hang(Turn turn)
    {
        if (HangsIn != turn || Hung.IsSet)
            return;
        Hung.Set();
        _return.Wait();
    }
}

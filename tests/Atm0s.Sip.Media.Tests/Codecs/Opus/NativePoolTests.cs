using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

/// <summary>States of libopus that no call uses are kept for the next, up to a limit.</summary>
public sealed class NativePoolTests
{
    [Test]
    public void StateOfOneCall_IsThatOfTheNext()
    {
        var pool = new NativePool<State>(limit: 2);
        Assert.That(pool.TryRent(), Is.Null, "the first has to be made");
        using var state = new State();
        pool.Return(state);
        Assert.That(pool.TryRent(), Is.SameAs(state));
        Assert.That(pool.TryRent(), Is.Null, "one has it");
        Assert.That(state.IsClosed, Is.False);
    }

    [Test]
    public void MoreThanTheLimit_AreFreed()
    {
        var pool = new NativePool<State>(limit: 2);
        var states = Enumerable.Range(0, 5).Select(_ => new State()).ToList();
        states.ForEach(pool.Return);
        Assert.That(states.Count(state => state.IsClosed), Is.EqualTo(3));
        Assert.That((pool.TryRent(), pool.TryRent(), pool.TryRent()), Is.EqualTo((states[1], states[0], (State?)null)));
        pool.Return(states[0]);
        Assert.That(states[0].IsClosed, Is.False, "there is room again");
        states.ForEach(state => state.Dispose());
    }

    private sealed class State() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => false;

        protected override bool ReleaseHandle() => true;
    }
}

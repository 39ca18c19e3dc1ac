using System.Collections;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>A set that can be gone through, and throws at whoever asks it anything.</summary>
internal sealed class TouchySet(IReadOnlyCollection<object> items) : IReadOnlySet<object>
{
    public int Count => items.Count;

    public bool Contains(object item) => throw new InvalidOperationException("another thread changes it");

    public bool IsProperSubsetOf(IEnumerable<object> other) => throw new InvalidOperationException();

    public bool IsProperSupersetOf(IEnumerable<object> other) => throw new InvalidOperationException();

    public bool IsSubsetOf(IEnumerable<object> other) => throw new InvalidOperationException();

    public bool IsSupersetOf(IEnumerable<object> other) => throw new InvalidOperationException();

    public bool Overlaps(IEnumerable<object> other) => throw new InvalidOperationException();

    public bool SetEquals(IEnumerable<object> other) => throw new InvalidOperationException();

    public IEnumerator<object> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

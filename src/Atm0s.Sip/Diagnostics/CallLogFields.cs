using System.Collections;

namespace Atm0s.Sip.Diagnostics;

/// <summary>The fields of a line of the log, and before them the two ids of its call, where it does not name them itself.</summary>
internal sealed class CallLogFields<TState> : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _all = [];

    public CallLogFields(TState state, string callId, string sipCallId)
    {
        State = state;
        var own = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        AddUnlessThere("CallId", callId);
        AddUnlessThere("SipCallId", sipCallId);
        // One by one: what a compiler makes of a message knows no CopyTo.
        for (var i = 0; i < own.Count; i++)
            _all.Add(own[i]);

        void AddUnlessThere(string name, string value)
        {
            for (var i = 0; i < own.Count; i++)
            {
                if (own[i].Key == name)
                    return;
            }

            _all.Add(KeyValuePair.Create<string, object?>(name, value));
        }
    }

    public TState State { get; }

    public int Count => _all.Count;

    public KeyValuePair<string, object?> this[int index] => _all[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string? ToString() => State?.ToString();
}

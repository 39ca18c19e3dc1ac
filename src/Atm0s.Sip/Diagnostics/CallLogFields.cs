using System.Collections;

namespace Atm0s.Sip.Diagnostics;

/// <summary>The fields of a line of the log, and before them the two ids of its call, where it does not name them itself.</summary>
/// <remarks>
/// Not of the type of the line's own state: a log within a log would then be of a type within a type, without end, and is refused by
/// native compilation.
/// </remarks>
internal sealed class CallLogFields : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _all = [];
    private readonly Func<Exception?, string> _text;

    /// <param name="state">The line's own fields, or anything else.</param>
    /// <param name="text">Makes the line's text.</param>
    /// <param name="callId">Our id.</param>
    /// <param name="sipCallId">The phone's Call-ID.</param>
    public CallLogFields(object? state, Func<Exception?, string> text, string callId, string sipCallId)
    {
        _text = text;
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

    public int Count => _all.Count;

    public KeyValuePair<string, object?> this[int index] => _all[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The text of the line.</summary>
    public string Format(Exception? exception) => _text(exception);

    public override string ToString() => _text(null);
}

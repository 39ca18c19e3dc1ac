using System.Buffers.Binary;
using System.Collections;
using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Calls;

/// <summary>
/// Header fields of a message as the host sees them: all in order but the credentials. They outlive the message, and become strings when
/// somebody looks at them, which as a rule nobody does. Any thread.
/// </summary>
internal sealed class HeaderList : IReadOnlyList<KeyValuePair<string, string>>
{
    private const int LengthsSize = 2 * sizeof(int);

    private static readonly string?[] Names = new string?[Enum.GetValues<SipHeaderId>().Length];

    // Both lengths, the name and the value of each; null once they have been read.
    private volatile byte[]? _bytes;
    private KeyValuePair<string, string>[]? _fields;

    /// <param name="message">The message; copied.</param>
    public HeaderList(SipMessage message)
    {
        var length = 0;
        for (var i = 0; i < message.HeaderCount; i++)
        {
            var field = message.GetHeader(i);
            if (!IsShown(field))
                continue;
            Count++;
            length += LengthsSize + field.Name.Length + field.Value.Length;
        }

        var bytes = new byte[length];
        var rest = bytes.AsSpan();
        for (var i = 0; i < message.HeaderCount; i++)
        {
            var field = message.GetHeader(i);
            if (!IsShown(field))
                continue;
            BinaryPrimitives.WriteInt32LittleEndian(rest, field.Name.Length);
            BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(int)..], field.Value.Length);
            field.Name.CopyTo(rest[LengthsSize..]);
            field.Value.CopyTo(rest[(LengthsSize + field.Name.Length)..]);
            rest = rest[(LengthsSize + field.Name.Length + field.Value.Length)..];
        }

        _bytes = bytes;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public KeyValuePair<string, string> this[int index] => Fields[index];

    private KeyValuePair<string, string>[] Fields
    {
        get
        {
            // What is null here has been read by another thread, which has written the fields before.
            if (_bytes is { } bytes)
            {
                Interlocked.CompareExchange(ref _fields, Read(bytes), null);
                _bytes = null;
            }

            return _fields!;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Fields.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsShown(in SipHeaderField field) =>
        field.Id is not (SipHeaderId.Authorization or SipHeaderId.ProxyAuthorization);

    private KeyValuePair<string, string>[] Read(ReadOnlySpan<byte> rest)
    {
        var fields = new KeyValuePair<string, string>[Count];
        for (var i = 0; i < fields.Length; i++)
        {
            var name = rest.Slice(LengthsSize, BinaryPrimitives.ReadInt32LittleEndian(rest));
            var value = rest.Slice(LengthsSize + name.Length, BinaryPrimitives.ReadInt32LittleEndian(rest[sizeof(int)..]));
            fields[i] = new KeyValuePair<string, string>(NameOf(name), Encoding.UTF8.GetString(value));
            rest = rest[(LengthsSize + name.Length + value.Length)..];
        }

        return fields;
    }

    // As it was written; of the usual ones there is one string.
    private static string NameOf(ReadOnlySpan<byte> name)
    {
        var id = SipHeaderNames.Find(name);
        if (id == SipHeaderId.Other || !SipHeaderNames.GetName(id).SequenceEqual(name))
            return Encoding.UTF8.GetString(name);
        return Names[(int)id] ??= Encoding.UTF8.GetString(name);
    }
}

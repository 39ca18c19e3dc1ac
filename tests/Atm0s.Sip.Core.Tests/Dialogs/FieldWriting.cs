using System.Text;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Tests.Dialogs;

/// <summary>Header fields as they are written.</summary>
internal static class FieldWriting
{
    internal delegate void Writing(ref SipWriter writer);

    internal static string Write(Writing write)
    {
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        write(ref writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

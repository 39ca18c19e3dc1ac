namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>What reading a header field came to.</summary>
internal enum FieldReading : byte
{
    /// <summary>The message has none.</summary>
    Absent,

    /// <summary>It was read.</summary>
    Ok,

    /// <summary>It cannot be read, or stands there too often: 400.</summary>
    Malformed,
}

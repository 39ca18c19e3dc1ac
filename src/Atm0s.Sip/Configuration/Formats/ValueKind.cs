namespace Atm0s.Sip.Configuration.Formats;

/// <summary>How the text of a setting is read.</summary>
internal enum ValueKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A number of bytes, with or without a unit.</summary>
    Size,

    /// <summary>True or false.</summary>
    Switch,

    /// <summary>A time with its unit.</summary>
    Time,

    /// <summary>One of some names.</summary>
    Choice,

    /// <summary>An IP address.</summary>
    Address,

    /// <summary>An IP address and a port.</summary>
    EndPoint,

    /// <summary>An IP address or a CIDR block.</summary>
    Network,
}

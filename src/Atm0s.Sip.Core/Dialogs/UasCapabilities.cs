using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What a user agent server understands; <see cref="UasInspection"/> holds requests against it. Immutable, shared.</summary>
internal sealed class UasCapabilities
{
    private readonly SipMethod[] _methods;
    private readonly byte[][] _extensions;
    private readonly byte[][] _contentTypes;
    private readonly byte[][] _encodings;
    private readonly byte[][] _containers;

    /// <summary>Creates the set.</summary>
    /// <param name="methods">Methods supported, in the order of the Allow field.</param>
    /// <param name="extensions">Option tags supported (Supported field).</param>
    /// <param name="contentTypes">Media types of bodies understood, such as application/sdp (Accept field).</param>
    /// <param name="contentEncodings">Encodings understood besides identity.</param>
    /// <param name="containers">Multipart types whose parts are looked at (RFC 5621).</param>
    /// <param name="allowTel">Whether a tel URI is taken as Request-URI besides sip and sips.</param>
    /// <param name="allowSips">Whether a sips URI is taken as Request-URI: not where nothing is spoken that it could mean.</param>
    public UasCapabilities(
        IEnumerable<SipMethod> methods,
        IEnumerable<string> extensions,
        IEnumerable<string> contentTypes,
        IEnumerable<string>? contentEncodings = null,
        IEnumerable<string>? containers = null,
        bool allowTel = false,
        bool allowSips = true)
    {
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(extensions);
        ArgumentNullException.ThrowIfNull(contentTypes);
        _methods = [.. methods];
        _extensions = ToBytes(extensions);
        _contentTypes = ToBytes(contentTypes);
        _encodings = ToBytes(contentEncodings ?? []);
        _containers = ToBytes(containers ?? []);
        AllowTel = allowTel;
        AllowSips = allowSips;
        Allow = Encoding.ASCII.GetBytes(string.Join(", ", _methods.Select(method => Encoding.ASCII.GetString(method.ToToken()))));
        Supported = Join(_extensions);
        Accept = Join([.. _contentTypes, .. _containers]);
        AcceptEncoding = Join([.. _encodings, "identity"u8.ToArray()]);
    }

    /// <summary>Value of the Allow field.</summary>
    public ReadOnlyMemory<byte> Allow { get; }

    /// <summary>Value of the Supported field; may be empty.</summary>
    public ReadOnlyMemory<byte> Supported { get; }

    /// <summary>Value of the Accept field.</summary>
    public ReadOnlyMemory<byte> Accept { get; }

    /// <summary>Value of the Accept-Encoding field.</summary>
    public ReadOnlyMemory<byte> AcceptEncoding { get; }

    /// <summary>Whether a sips URI is taken as Request-URI.</summary>
    public bool AllowSips { get; }

    /// <summary>Whether a tel URI is taken as Request-URI.</summary>
    public bool AllowTel { get; }

    internal bool Supports(SipMethod method) => Array.IndexOf(_methods, method) >= 0;

    internal bool SupportsExtension(ReadOnlySpan<byte> tag) => Contains(_extensions, tag);

    internal bool UnderstandsType(ReadOnlySpan<byte> type) => Contains(_contentTypes, type) || Contains(_containers, type);

    internal bool UnderstandsEncoding(ReadOnlySpan<byte> encoding) =>
        Ascii.EqualsIgnoreCase(encoding, "identity"u8) || Contains(_encodings, encoding);

    /// <summary>Whether one of our types falls under a media range of the peer (RFC 3261 §20.1).</summary>
    internal bool Satisfies(ReadOnlySpan<byte> range)
    {
        if (range.SequenceEqual("*/*"u8))
            return true;
        foreach (var type in _contentTypes)
        {
            if (Ascii.EqualsIgnoreCase(range, type))
                return true;
            var slash = Array.IndexOf(type, (byte)'/');
            if (range.EndsWith("/*"u8) && slash == range.Length - 2 && Ascii.EqualsIgnoreCase(range[..slash], type.AsSpan(0, slash)))
                return true;
        }

        return false;
    }

    private static bool Contains(byte[][] set, ReadOnlySpan<byte> value)
    {
        foreach (var member in set)
        {
            if (Ascii.EqualsIgnoreCase(value, member))
                return true;
        }

        return false;
    }

    private static byte[][] ToBytes(IEnumerable<string> values) => [.. values.Select(Encoding.ASCII.GetBytes)];

    private static byte[] Join(byte[][] values) => Encoding.ASCII.GetBytes(string.Join(", ", values.Select(Encoding.ASCII.GetString)));
}

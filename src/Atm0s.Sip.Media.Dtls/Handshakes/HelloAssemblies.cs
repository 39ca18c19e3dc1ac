namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>
/// Fragments of ClientHellos, apart by their source: of phones behind one NAT none disturbs what another one has begun. Four sources at
/// most, the oldest one gives way. One thread at a time.
/// </summary>
internal sealed class HelloAssemblies
{
    private const int Max = 4;

    private readonly List<(byte[] Source, HelloAssembly Assembly)> _assemblies = new(1);

    /// <summary>A datagram came.</summary>
    /// <param name="datagram">One or more records.</param>
    /// <param name="source">Who sent it.</param>
    /// <returns>A datagram with the whole message; null while a part is missing.</returns>
    public byte[]? Add(byte[] datagram, byte[] source) => Find(source).Add(datagram);

    private HelloAssembly Find(byte[] source)
    {
        foreach (var (known, assembly) in _assemblies)
        {
            if (known.AsSpan().SequenceEqual(source))
                return assembly;
        }

        if (_assemblies.Count == Max)
            _assemblies.RemoveAt(0);
        var one = new HelloAssembly();
        _assemblies.Add((source, one));
        return one;
    }
}

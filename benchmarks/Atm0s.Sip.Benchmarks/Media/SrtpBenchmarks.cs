using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.Media.Tests.Srtp;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Atm0s.Sip.Benchmarks.Media;

/// <summary>
/// A packet of 160 bytes of audio, protected and unprotected, beside the same packet through libsrtp2. Goal: 0 bytes, 1.5 times the time at
/// most.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class SrtpBenchmarks
{
    private const int Packets = 10_000;
    private const int Length = 172;
    private const int Room = 256;

    private readonly byte[] _packet = new byte[Room];
    private readonly byte[][] _secured = new byte[Packets][];
    private byte[] _keyAndSalt = [];
    private SrtpSender _sender = null!;
    private SrtpReceiver _receiver = null!;
    private LibSrtp _nativeSender = null!;
    private LibSrtp _nativeReceiver = null!;
    private int _length;
    private ushort _sequence;

    /// <summary>Name of the suite.</summary>
    [Params("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM")]
    public string Suite { get; set; } = "";

    // Each iteration goes on with sequence numbers that nobody has seen: what was seen is a replay.
    [IterationSetup]
    public void Secure()
    {
        var suite = SrtpSuite.Find(Suite)!;
        Empty();
        _keyAndSalt = [.. Enumerable.Range(1, suite.KeyLength + suite.SaltLength).Select(i => (byte)i)];
        var key = new SrtpKey(suite, _keyAndSalt.AsSpan(0, suite.KeyLength), _keyAndSalt.AsSpan(suite.KeyLength));
        (_sender, _receiver) = (new SrtpSender(key), new SrtpReceiver(key));
        (_nativeSender, _nativeReceiver) = (new LibSrtp(Suite, _keyAndSalt, isSender: true), new LibSrtp(Suite, _keyAndSalt, isSender: false));
        using var other = new SrtpSender(key);
        _sequence = 0;
        for (var i = 0; i < Packets; i++)
        {
            var packet = _secured[i] ??= new byte[Room];
            RtpHeader.Write(packet, 8, false, (ushort)i, (uint)(160 * i), 7);
            _length = Length;
            if (!other.TryProtectRtp(packet, ref _length))
                throw new InvalidOperationException("The packet can't be protected.");
        }
    }

    [GlobalCleanup]
    public void Empty()
    {
        _sender?.Dispose();
        _receiver?.Dispose();
        _nativeSender?.Dispose();
        _nativeReceiver?.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    [BenchmarkCategory("protect")]
    public int Protect()
    {
        var length = 0;
        for (var i = 0; i < Packets; i++)
        {
            RtpHeader.Write(_packet, 8, false, _sequence++, (uint)(160 * i), 7);
            length = Length;
            if (!_sender.TryProtectRtp(_packet, ref length))
                throw new InvalidOperationException("The packet was not protected.");
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Packets, Baseline = true)]
    [BenchmarkCategory("protect")]
    public int ProtectByLibSrtp()
    {
        var length = 0;
        for (var i = 0; i < Packets; i++)
        {
            RtpHeader.Write(_packet, 8, false, _sequence++, (uint)(160 * i), 7);
            length = _nativeSender.ProtectRtp(_packet, Length);
            if (length == 0)
                throw new InvalidOperationException("The packet was not protected.");
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    [BenchmarkCategory("unprotect")]
    public int Unprotect()
    {
        var length = 0;
        foreach (var packet in _secured)
        {
            if (_receiver.UnprotectRtp(packet.AsSpan(0, _length), out length) != SrtpVerdict.Accepted)
                throw new InvalidOperationException("The packet was not accepted.");
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Packets, Baseline = true)]
    [BenchmarkCategory("unprotect")]
    public int UnprotectByLibSrtp()
    {
        var length = 0;
        foreach (var packet in _secured)
        {
            length = _nativeReceiver.UnprotectRtp(packet, _length);
            if (length == 0)
                throw new InvalidOperationException("The packet was not accepted.");
        }

        return length;
    }
}

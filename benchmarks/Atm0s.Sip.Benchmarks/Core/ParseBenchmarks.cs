using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using BenchmarkDotNet.Attributes;

namespace Atm0s.Sip.Benchmarks.Core;

/// <summary>Bytes of a datagram to a checked message and back to the pool.</summary>
[MemoryDiagnoser]
public class ParseBenchmarks
{
    private byte[] _bytes = [];

    [Params("invite.sip", "invite_200.sip", "register_digest.sip")]
    public string File { get; set; } = "";

    [GlobalSetup]
    public void Load() => _bytes = MessageFiles.Read(File);

    [Benchmark]
    public SipRefusal Parse()
    {
        if (SipParser.TryParse(_bytes, SipLimits.Default, isStream: false, out var message, out var refusal))
            message.Dispose();
        return refusal;
    }

    [Benchmark]
    public int ParseAndRead()
    {
        if (!SipParser.TryParse(_bytes, SipLimits.Default, isStream: false, out var message, out _))
            return 0;
        var sum = message.CallIdHash + message.TopViaBranch.Length + message.FromTag.Length + message.To.Uri.Length
            + (int)message.CSeqNumber;
        message.Dispose();
        return sum;
    }
}
